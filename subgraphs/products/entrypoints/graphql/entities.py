"""What other subgraphs may refer to. What does not exist is left out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.graphql.context import RequestContext
from shared.graphql.federation import Entity
from subgraphs.products.queries.category_tree import Categories, Category
from subgraphs.products.queries.products import products_by_id, variants_by_id
from subgraphs.products.queries.views import Product, ProductVariant


def entities(categories: Categories) -> Sequence[Entity]:
    """Categories, products and variants, each batch in one statement at most."""

    async def load_categories(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, Category]:
        return (await categories.tree_with(ids)).by_id

    async def load_products(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, Product]:
        return await products_by_id(categories, ids)

    async def load_variants(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, ProductVariant]:
        return await variants_by_id(categories, ids)

    return (
        Entity("Category", Category, load_categories),
        Entity("Product", Product, load_products),
        Entity("ProductVariant", ProductVariant, load_variants),
    )
