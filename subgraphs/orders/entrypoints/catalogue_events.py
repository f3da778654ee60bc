"""What products and inventory tell of what is sold; the contracts are ``schema/events/{products,inventory}.yaml``."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from shared.events.handlers import EventHandler, Payload
from shared.money import Money, is_currency
from shared.persistence.work import UnitOfWork
from subgraphs.orders.commands.follow_product import FollowProduct, follow_product
from subgraphs.orders.commands.follow_stock import FollowStock, follow_stock
from subgraphs.orders.domain.cart import Backorder
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import KnownStock, KnownVariant, line_title

_PRODUCTS = "products.product.v1"
_STOCK = "inventory.stock.v1"


def _known_currency(code: str) -> str:
    """Without its decimals nobody can say what a price is: such a product is dead-lettered, not sold at a guess."""
    if not is_currency(code):
        raise ValueError(f"{code!r} is no currency of ISO 4217")
    return code


class SavedVariant(Payload):
    """A variant of a saved product."""

    variant_id: UUID
    sku: str
    title: str
    price_minor: int
    currency: Annotated[str, AfterValidator(_known_currency)]


class ProductSaved(Payload):
    """A product came on sale or changed."""

    product_id: UUID
    version: int
    title: str
    variants: Sequence[SavedVariant]


class ProductWithdrawn(Payload):
    """A product is sold no longer."""

    product_id: UUID
    version: int


class BackorderRule(Payload):
    """Whether units that are not in stock can be ordered, when they are expected, and how many more.

    ``remaining`` is None without limit.
    """

    is_allowed: bool
    available_from: date | None = None
    remaining: int | None = None


class StockChanged(Payload):
    """The number of units that can be bought changed. Without ``backorder`` there are no back-orders."""

    variant_id: UUID
    version: int
    available: int
    backorder: BackorderRule | None = None
    expected_from: date | None = None


class CatalogueEvents:
    """Each is parsed into a command, which is performed in the transaction that records the event as processed."""

    def __init__(self, work: UnitOfWork[CartWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What receives them."""
        return (
            EventHandler(_PRODUCTS, "mercato.products.ProductSaved", ProductSaved, self._product_saved),
            EventHandler(_PRODUCTS, "mercato.products.ProductWithdrawn", ProductWithdrawn, self._product_withdrawn),
            EventHandler(_STOCK, "mercato.inventory.StockChanged", StockChanged, self._stock_changed),
        )

    async def _product_saved(self, event: ProductSaved) -> None:
        variants = [_variant(event, variant) for variant in event.variants]
        await self._work.perform(follow_product, FollowProduct(event.product_id, event.version, variants))

    async def _product_withdrawn(self, event: ProductWithdrawn) -> None:
        await self._work.perform(follow_product, FollowProduct(event.product_id, event.version, ()))

    async def _stock_changed(self, event: StockChanged) -> None:
        await self._work.perform(follow_stock, FollowStock(event.variant_id, event.version, _stock(event)))


def _variant(product: ProductSaved, variant: SavedVariant) -> KnownVariant:
    title = line_title(product.title, variant.title, len(product.variants))
    return KnownVariant(variant.variant_id, variant.sku, title, Money(variant.price_minor, variant.currency))


def _stock(event: StockChanged) -> KnownStock:
    rule = event.backorder
    backorder = Backorder(rule.available_from, rule.remaining) if rule and rule.is_allowed else None
    # In events of before only those who may still order are told a day.
    expected_from = event.expected_from or (rule.available_from if rule else None)
    return KnownStock(event.available, backorder, expected_from)
