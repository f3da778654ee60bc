"""The products of a category."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from ariadne import ObjectType
from ariadne.types import SchemaBindable

from shared.graphql.context import Info, RequestContext
from shared.graphql.dataloader import data_loader
from subgraphs.products.entrypoints.graphql.inputs import listing
from subgraphs.products.queries.category_tree import Categories, Category
from subgraphs.products.queries.filters import ProductFilter
from subgraphs.products.queries.listing import ProductPage, count_products_of, list_products_of


class CategoryFields:
    """A page of a category: the same page of several categories is loaded with it, and so are their totals."""

    def __init__(self, categories: Categories) -> None:
        self._categories = categories

    def bindables(self) -> Sequence[SchemaBindable]:
        """The resolvers."""
        category, connection = ObjectType("Category"), ObjectType("ProductConnection")
        category.set_field("products", self._products)
        connection.set_field("totalCount", self._total_count)
        return category, connection

    async def _products(
        self,
        category: Category,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        sort: str | None = None,
    ) -> ProductPage:
        request = listing(info, first, after, sort, ProductFilter(category=category.slug))

        async def load(categories: Sequence[Category]) -> Mapping[Category, ProductPage]:
            return await list_products_of(self._categories, categories, request, partial(self._count, info.context))

        return replace(await data_loader(info.context, request, load).get(category), request=request)

    async def _count(self, context: RequestContext, category: Category) -> int:
        return await data_loader(context, "count", count_products_of).get(category)

    def _total_count(self, page: ProductPage, info: Info) -> Awaitable[int]:
        """Counted only for those who ask."""
        return page.count()
