"""What inventory tells the others; the contract is ``schema/events/inventory.yaml``."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.event import Event
from subgraphs.inventory.domain.stock import Item, Stock

TOPIC = "inventory.stock.v1"


def announcements(before: Stock, after: Stock, occurred_at: datetime) -> Iterator[Event]:
    """The events of a change. Each variant that shoppers can notice gets the version after its present one."""
    for variant_id in sorted(after.items):
        old, new = before.items[variant_id], after.items[variant_id]
        was, now = before.available(variant_id), after.available(variant_id)
        if was != now or _backorder(old) != _backorder(new):
            yield stock_changed(new, old.version + 1, now, occurred_at)
        if now <= new.low_stock_threshold < was:
            yield _stock_low(new, old.version + 1, now, occurred_at)


def rules_changed(old: Item, new: Item, available: int, occurred_at: datetime) -> Iterator[Event]:
    """The event of new rules, if shoppers can notice them. A new threshold is no fall of the stock."""
    if _backorder(old) != _backorder(new):
        yield stock_changed(new, old.version + 1, available, occurred_at)


def stock_changed(item: Item, version: int, available: int, occurred_at: datetime) -> Event:
    """The number of pieces that can be bought changed, or whether more can be bought."""
    payload = {
        "variantId": item.variant_id,
        "version": version,
        "available": available,
        "backorder": _backorder(item),
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, item.variant_id, "mercato.inventory.StockChanged", payload)


def noticed(events: list[Event]) -> set[UUID]:
    """The variants whose version an announcement has raised."""
    return {event.key for event in events}


def _stock_low(item: Item, version: int, available: int, occurred_at: datetime) -> Event:
    payload = {
        "variantId": item.variant_id,
        "version": version,
        "available": available,
        "threshold": item.low_stock_threshold,
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, item.variant_id, "mercato.inventory.StockLow", payload)


def _backorder(item: Item) -> dict[str, Any]:
    is_allowed = item.accepts_backorders
    return {"isAllowed": is_allowed, "availableFrom": item.backorders.available_from if is_allowed else None}
