"""Small shops for tests, and their lists."""

from uuid import UUID

from shared.graphql.pagination import page_request
from shared.ids import new_id
from shared.persistence import db
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.queries.columns import Parts
from subgraphs.products.queries.filters import ProductFilter
from subgraphs.products.queries.listing import ListingRequest, ProductPage, list_products
from subgraphs.products.queries.sorting import CURSOR_LENGTH, ProductSort, decode_position


async def new_category(slug: str, parent_id: UUID | None = None) -> UUID:
    """A new category."""
    category_id = new_id()
    await db.execute(
        "INSERT INTO categories (id, slug, name, description, parent_id, position)"
        " VALUES ($1, $2::text, $2::text, '', $3, 0)",
        category_id,
        slug,
        parent_id,
    )
    return category_id


async def new_product(category_id: UUID, title: str, *prices: int, description: str = "") -> str:
    """A new product on sale with a variant for each price; answers its slug."""
    product_id = new_id()
    slug = f"p-{product_id.hex}"
    await db.execute(
        "INSERT INTO products (id, slug, title, description, category_id, options, media, currency,"
        " min_price_minor, max_price_minor) VALUES ($1, $2, $3, $4, $5, '[]', '[]', 'EUR', $6, $7)",
        product_id,
        slug,
        title,
        description,
        category_id,
        min(prices),
        max(prices),
    )
    await db.execute_many(
        "INSERT INTO variants (id, product_id, position, sku, title, selected_options, price_minor, weight_grams)"
        " VALUES ($1, $2, $3, $4, 'Standard', '[]', $5, 100)",
        [(new_id(), product_id, position, f"{slug}-{position}", price) for position, price in enumerate(prices)],
    )
    return slug


async def listed(
    wanted: ProductFilter,
    sort: ProductSort = ProductSort.TITLE,
    first: int = 20,
    after: str | None = None,
    parts: Parts = frozenset(),
    categories: Categories | None = None,
) -> ProductPage:
    """A page as a resolver asks for it."""
    page = page_request(first, after, CURSOR_LENGTH, "products", wanted)
    request = ListingRequest(sort, first, decode_position(sort, page), parts, page.tag)
    return await list_products(categories or Categories(), request, wanted)


async def titles(wanted: ProductFilter, sort: ProductSort = ProductSort.TITLE) -> list[str]:
    """The titles of the first page."""
    return [product.title for product in (await listed(wanted, sort)).nodes]
