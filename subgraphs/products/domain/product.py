"""What happens to a product on sale. Pure: no clock, no database."""

import re
from dataclasses import dataclass, replace
from uuid import UUID

from shared.errors import BadUserInput, FailedPrecondition, NotFound

MAX_PRICE_MINOR = 2**53 - 1  # what JSON's readers everywhere hold exactly

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether anything could have this name in addresses."""
    return _SLUG.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Variant:
    """One choice of a product's options."""

    id: UUID
    sku: str
    title: str
    price_minor: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product with all its variants, which are in the shop's order and never none. Every change makes its version grow."""

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


def repriced(product: Product, sku: str, price_minor: int) -> Product:
    """The product with another price of one variant; the very same one when nothing changes.

    Raises:
        BadUserInput: when it is no price.
        NotFound: when it has no such variant.
        FailedPrecondition: when it is not sold any more: a new price would tell others that it is.
    """
    if not 0 <= price_minor <= MAX_PRICE_MINOR:
        raise BadUserInput(f"A price is 0 to {MAX_PRICE_MINOR} in the currency's minor unit.", ("priceMinor",))
    if sku not in {variant.sku for variant in product.variants}:
        raise NotFound(f"There is no variant {sku}.", ("sku",))
    if not product.on_sale:
        raise FailedPrecondition(f"{product.slug} is not sold any more; republish it first.", ("sku",))
    variants = tuple(
        replace(variant, price_minor=price_minor) if variant.sku == sku else variant for variant in product.variants
    )
    if variants == product.variants:
        return product
    return replace(product, variants=variants, version=product.version + 1)


def withdrawn(product: Product) -> Product:
    """The product, not sold any more; the very same one when it was not before."""
    return replace(product, on_sale=False, version=product.version + 1) if product.on_sale else product


def republished(product: Product) -> Product:
    """The product, on sale again; the very same one when it was before."""
    return product if product.on_sale else replace(product, on_sale=True, version=product.version + 1)
