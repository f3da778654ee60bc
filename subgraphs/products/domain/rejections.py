"""What products rejects, with the facts of it. How each looks on the wire is told by the entrypoints."""

from dataclasses import dataclass

from shared.errors import Rejection


@dataclass(eq=False)
class ProductNotFound(Rejection):
    """The shop has no product of this name."""

    slug: str


@dataclass(eq=False)
class VariantNotFound(Rejection):
    """No product has a variant with this article number."""

    sku: str


@dataclass(eq=False)
class ProductNotOnSale(Rejection):
    """What was asked for needs a product that is on sale, and this one was withdrawn."""

    slug: str


@dataclass(eq=False)
class PriceOutOfRange(Rejection):
    """No variant can cost this, in the minor unit of a currency."""

    price_minor: int
