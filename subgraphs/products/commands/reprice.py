"""Changes what a variant costs."""

from shared.errors import NotFound
from shared.persistence import db
from subgraphs.products.domain.product import repriced
from subgraphs.products.infrastructure.products import locked_by_sku, save


async def reprice(sku: str, price_minor: int) -> None:
    """Changes the price of one variant; the same price again changes nothing.

    Raises:
        BadUserInput: when it is no price.
        NotFound: when no product has such a variant.
        FailedPrecondition: when the product is not sold any more.
    """
    async with db.transaction():
        product = await locked_by_sku(sku)
        if product is None:
            raise NotFound(f"There is no variant {sku}.", ("sku",))
        changed = repriced(product, sku, price_minor)
        if changed is not product:
            await save(changed)
