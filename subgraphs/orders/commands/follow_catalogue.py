"""Follows the events of products and inventory, so that carts can be priced without asking anybody."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from shared.events.handlers import Payload
from shared.money import Money, is_currency
from subgraphs.orders.commands.tell_expected_day import tell_expected_day
from subgraphs.orders.domain.cart import Backorder
from subgraphs.orders.infrastructure.catalogue import KnownStock, KnownVariant, save_product, save_stock
from subgraphs.orders.infrastructure.waiting import expected_day


def _known_currency(code: str) -> str:
    """Without its decimals nobody can say what a price is: such a product is put aside, not sold at a guess."""
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
    """Whether pieces that are not in stock can be ordered, when they are expected, and how many more; None: without limit."""

    is_allowed: bool
    available_from: date | None = None
    remaining: int | None = None


class StockChanged(Payload):
    """The number of pieces that can be bought changed. Without ``backorder`` there are no back-orders."""

    variant_id: UUID
    version: int
    available: int
    backorder: BackorderRule | None = None
    expected_from: date | None = None


async def follow_saved_product(event: ProductSaved) -> None:
    """Remembers names and prices. What a line is called is settled here, once, and not each time a cart is read."""
    await save_product(event.product_id, event.version, [_known_variant(event, variant) for variant in event.variants])


async def follow_withdrawn_product(event: ProductWithdrawn) -> None:
    """Remembers that none of its variants is sold."""
    await save_product(event.product_id, event.version, [])


async def follow_stock(event: StockChanged) -> None:
    """Remembers how many can be bought, and when those are expected that orders wait for; their buyers are told another day."""
    rule = event.backorder
    backorder = Backorder(rule.available_from, rule.remaining) if rule and rule.is_allowed else None
    # In events of before only those who may still order are told a day.
    expected_from = event.expected_from or (rule.available_from if rule else None)
    before, now = await save_stock(
        event.variant_id, event.version, KnownStock(event.available, backorder, expected_from)
    )
    if expected_day(before) != expected_day(now):
        await tell_expected_day(event.variant_id)


def _known_variant(product: ProductSaved, variant: SavedVariant) -> KnownVariant:
    title = f"{product.title}, {variant.title}" if len(product.variants) > 1 else product.title
    return KnownVariant(variant.variant_id, variant.sku, title, Money(variant.price_minor, variant.currency))
