"""Where the shop is entered."""

from collections.abc import Sequence

from ariadne import QueryType

from shared.graphql.context import Info
from subgraphs.products.entrypoints.graphql.inputs import Input, listing, product_filter, product_key
from subgraphs.products.entrypoints.graphql.selection import names_below
from subgraphs.products.queries.category_tree import Categories, Category
from subgraphs.products.queries.columns import parts_of
from subgraphs.products.queries.listing import ProductPage, list_products
from subgraphs.products.queries.products import product_on_sale
from subgraphs.products.queries.views import Product


class ShopQueries:
    """Lists of products, products and categories by their keys, and the top of the tree."""

    def __init__(self, categories: Categories) -> None:
        self._categories = categories

    def bindable(self) -> QueryType:
        """The resolvers."""
        query = QueryType()
        query.set_field("products", self._products)
        query.set_field("product", self._product)
        query.set_field("category", self._category)
        query.set_field("categories", self._top_categories)
        return query

    async def _products(
        self,
        _: object,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: Input | None = None,
        sort: str | None = None,
    ) -> ProductPage:
        wanted = product_filter(filter)
        return await list_products(self._categories, listing(info, first, after, sort, wanted), wanted)

    async def _product(self, _: object, info: Info, id: str | None = None, slug: str | None = None) -> Product | None:
        return await product_on_sale(self._categories, product_key(id, slug), parts_of(names_below(info)))

    async def _category(self, _: object, info: Info, slug: str) -> Category | None:
        return (await self._categories.tree()).by_slug.get(slug)

    async def _top_categories(self, _: object, info: Info) -> Sequence[Category]:
        return (await self._categories.tree()).top
