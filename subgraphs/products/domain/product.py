"""What happens to a product on sale. Pure: no clock, no database."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from subgraphs.products.domain.rejections import PriceOutOfRange, ProductNotOnSale, VariantNotFound

MAX_PRICE_MINOR = 2**53 - 1  # what JSON's readers everywhere hold exactly

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether anything could have this name in addresses."""
    return _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Variant:
    """One choice of a product's options. The price is in the minor unit of the product's currency."""

    id: UUID
    sku: str
    title: str
    price_minor: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product with all its variants, in the shop's order and never none. Every change makes its version grow."""

    id: UUID
    slug: str
    title: str
    currency: str
    version: int
    on_sale: bool
    variants: tuple[Variant, ...]

    @property
    def min_price_minor(self) -> int:
        """What its cheapest variant costs."""
        return min(variant.price_minor for variant in self.variants)

    @property
    def max_price_minor(self) -> int:
        """What its dearest variant costs."""
        return max(variant.price_minor for variant in self.variants)

    def repriced(self, sku: str, price_minor: int) -> "Product":
        """The product with another price of one variant; the very same one when nothing changes.

        Raises:
            PriceOutOfRange
            VariantNotFound: when it has no such variant.
            ProductNotOnSale: a new price would tell others that it is.
        """
        if not 0 <= price_minor <= MAX_PRICE_MINOR:
            raise PriceOutOfRange(price_minor)
        if sku not in {variant.sku for variant in self.variants}:
            raise VariantNotFound(sku)
        if not self.on_sale:
            raise ProductNotOnSale(self.slug)
        variants = tuple(_priced(variant, sku, price_minor) for variant in self.variants)
        return self if variants == self.variants else replace(self, variants=variants, version=self.version + 1)

    def withdrawn(self) -> "Product":
        """The product, not sold any more; the very same one when it was not before."""
        return replace(self, on_sale=False, version=self.version + 1) if self.on_sale else self

    def republished(self) -> "Product":
        """The product, on sale again; the very same one when it was before."""
        return self if self.on_sale else replace(self, on_sale=True, version=self.version + 1)


def _priced(variant: Variant, sku: str, price_minor: int) -> Variant:
    return replace(variant, price_minor=price_minor) if variant.sku == sku else variant
