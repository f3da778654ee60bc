"""Products' part of the supergraph; the contract is ``schema/products.graphql``."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from ariadne import ObjectType, QueryType
from ariadne.types import SchemaBindable

from shared.errors import BadUserInput
from shared.graphql.context import Info, RequestContext
from shared.graphql.federation import Entity
from shared.graphql.pagination import page_request
from shared.ids import parse_id
from subgraphs.products.entrypoints.selection import names_below
from subgraphs.products.queries.batching import Batcher
from subgraphs.products.queries.category_tree import Categories, Category
from subgraphs.products.queries.columns import default_variant_of, parts_of, variants_of
from subgraphs.products.queries.filters import ProductFilter, parse_filter
from subgraphs.products.queries.listing import (
    ListingRequest,
    ProductPage,
    count_products_of,
    list_products,
    list_products_of,
)
from subgraphs.products.queries.products import product_on_sale, products_by_id, variants_by_id, variants_of_products
from subgraphs.products.queries.sorting import CURSOR_LENGTH, ProductSort, decode_position
from subgraphs.products.queries.views import Product, ProductMedia, ProductVariant


class ProductsGraphQL:
    """The resolvers of products. A field that is not here is an attribute of what its parent's resolver returned."""

    def __init__(self, categories: Categories, media_url: str) -> None:
        self._categories = categories
        self._media_url = media_url
        self._pages: Batcher[Category, ProductPage] = Batcher()
        self._counts: Batcher[Category, int] = Batcher()
        self._variants: Batcher[UUID, list[ProductVariant]] = Batcher()

    def bindables(self) -> Sequence[SchemaBindable]:
        """The resolvers at their places in the SDL."""
        query, category, product = QueryType(), ObjectType("Category"), ObjectType("Product")
        query.set_field("products", self.products)
        query.set_field("product", self.product)
        query.set_field("category", self.category)
        query.set_field("categories", self.top_categories)
        category.set_field("products", self.products_of_category)
        product.set_field("variants", self.variants)
        product.set_field("defaultVariant", self.default_variant)
        connection, media = ObjectType("ProductConnection"), ObjectType("ProductMedia")
        connection.set_field("totalCount", self.total_count)
        media.set_field("url", self.media_url)
        return query, category, product, connection, media

    def entities(self) -> Sequence[Entity]:
        """What other subgraphs may refer to."""
        return (
            Entity("Category", Category, self.load_categories),
            Entity("Product", Product, self.load_products),
            Entity("ProductVariant", ProductVariant, self.load_variants),
        )

    async def products(
        self,
        _: object,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: Mapping[str, Any] | None = None,
        sort: str | None = None,
    ) -> ProductPage:
        """A page of the shop."""
        wanted = parse_filter(filter)
        return await list_products(self._categories, _listing_request(info, first, after, sort, wanted), wanted)

    async def product(self, _: object, info: Info, id: str | None = None, slug: str | None = None) -> Product | None:
        """One product by exactly one of its two keys."""
        if (id is None) == (slug is None):
            raise BadUserInput("Give exactly one of id and slug.", ("id", "slug"))
        key = parse_id(id, "id") if id is not None else slug
        assert key is not None
        return await product_on_sale(self._categories, key, parts_of(names_below(info)))

    async def category(self, _: object, info: Info, slug: str) -> Category | None:
        """One category."""
        return (await self._categories.tree()).by_slug.get(slug)

    async def top_categories(self, _: object, info: Info) -> Sequence[Category]:
        """The top of the tree."""
        return (await self._categories.tree()).top

    async def products_of_category(
        self,
        category: Category,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        sort: str | None = None,
    ) -> ProductPage:
        """A page of a category; the same page of several categories is loaded with it."""
        request = _listing_request(info, first, after, sort, ProductFilter(category=category.slug))

        async def load(categories: Sequence[Category]) -> Mapping[Category, ProductPage]:
            return await list_products_of(self._categories, categories, request, partial(self._count, info.context))

        return replace(await self._pages.get(info.context, request, category, load), request=request)

    async def _count(self, context: RequestContext, category: Category) -> int:
        return await self._counts.get(context, "count", category, count_products_of)

    def total_count(self, page: ProductPage, info: Info) -> Awaitable[int]:
        """How many there are: counted only for those who ask."""
        return page.count()

    def variants(self, product: Product, info: Info) -> list[ProductVariant] | Awaitable[list[ProductVariant]]:
        """All variants: as a rule they came with the product."""
        variants = variants_of(product)
        return self._missing_variants(product, info) if variants is None else variants

    def default_variant(self, product: Product, info: Info) -> ProductVariant | Awaitable[ProductVariant]:
        """The variant that listings show: as a rule it came with the product."""
        variant = default_variant_of(product)
        return self._missing_default_variant(product, info) if variant is None else variant

    async def _missing_variants(self, product: Product, info: Info) -> list[ProductVariant]:
        load = partial(variants_of_products, self._categories)
        return await self._variants.get(info.context, "variants", product.id, load)

    async def _missing_default_variant(self, product: Product, info: Info) -> ProductVariant:
        return (await self._missing_variants(product, info))[0]

    def media_url(self, media: ProductMedia, info: Info) -> str:
        """Where browsers get the picture."""
        return self._media_url + media.path

    async def load_categories(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, Category]:
        """Those of these categories that exist."""
        return (await self._categories.tree_with(ids)).by_id

    async def load_products(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, Product]:
        """Those of these products that exist."""
        return await products_by_id(self._categories, ids)

    async def load_variants(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, ProductVariant]:
        """Those of these variants that exist."""
        return await variants_by_id(self._categories, ids)


def _listing_request(
    info: Info, first: int | None, after: str | None, sort: str | None, wanted: ProductFilter
) -> ListingRequest:
    order = ProductSort(sort or ProductSort.NEWEST)
    page = page_request(first, after, CURSOR_LENGTH, "products", wanted)
    return ListingRequest(order, page.first, decode_position(order, page), parts_of(names_below(info)), page.tag)
