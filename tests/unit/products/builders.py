"""Products for tests without a database."""

from uuid import uuid4

from subgraphs.products.domain.product import Product, Variant


def lamp(*prices: int, slug: str = "desk-lamp") -> Product:
    """A lamp on sale, in a size for each price: LAMP-0 and so on."""
    variants = tuple(
        Variant(uuid4(), f"LAMP-{number}", f"Size {number}", price, 900) for number, price in enumerate(prices)
    )
    return Product(uuid4(), slug, "Desk Lamp", "EUR", 1, True, variants)
