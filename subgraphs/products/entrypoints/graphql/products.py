"""What a product shows that costs something to read."""

from collections.abc import Awaitable, Sequence
from functools import partial

from ariadne import ObjectType
from ariadne.types import SchemaBindable

from shared.graphql.context import Info
from shared.graphql.dataloader import data_loader
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.queries.columns import default_variant_of, variants_of
from subgraphs.products.queries.products import variants_of_products
from subgraphs.products.queries.views import Product, ProductMedia, ProductVariant


class ProductFields:
    """Variants, which as a rule came with their product, and the addresses of pictures."""

    def __init__(self, categories: Categories, media_url: str) -> None:
        self._categories = categories
        self._media_url = media_url

    def bindables(self) -> Sequence[SchemaBindable]:
        """The resolvers."""
        product, media = ObjectType("Product"), ObjectType("ProductMedia")
        product.set_field("variants", self._variants_of)
        product.set_field("defaultVariant", self._default_variant)
        media.set_field("url", self._url)
        return product, media

    def _variants_of(self, product: Product, info: Info) -> list[ProductVariant] | Awaitable[list[ProductVariant]]:
        variants = variants_of(product)
        return self._missing_variants(product, info) if variants is None else variants

    def _default_variant(self, product: Product, info: Info) -> ProductVariant | Awaitable[ProductVariant]:
        variant = default_variant_of(product)
        return self._missing_default_variant(product, info) if variant is None else variant

    async def _missing_variants(self, product: Product, info: Info) -> list[ProductVariant]:
        load = partial(variants_of_products, self._categories)
        return await data_loader(info.context, "variants", load).get(product.id)

    async def _missing_default_variant(self, product: Product, info: Info) -> ProductVariant:
        return (await self._missing_variants(product, info))[0]

    def _url(self, media: ProductMedia, info: Info) -> str:
        return self._media_url + media.path
