"""What inventory tells the others; the contract is ``schema/events/inventory.yaml``."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.events.event import Event
from subgraphs.inventory.domain.promise import WaitingLine
from subgraphs.inventory.domain.stock import Item, Stock

TOPIC = "inventory.stock.v1"


def announcements(before: Stock, after: Stock, occurred_at: datetime) -> Iterator[Event]:
    """The events of a change. Each variant that shoppers can notice gets the version after its present one."""
    for variant_id in sorted(after.items):
        old, new = before.items[variant_id], after.items[variant_id]
        was, now = before.available(variant_id), after.available(variant_id)
        if was != now or _rules(old) != _rules(new):
            yield stock_changed(new, old.version + 1, now, occurred_at)
        if now <= new.low_stock_threshold < was:
            yield _stock_low(new, old.version + 1, now, occurred_at)


def rules_changed(old: Item, new: Item, available: int, occurred_at: datetime) -> Iterator[Event]:
    """The event of new rules, if shoppers can notice them. A new threshold is no fall of the stock."""
    if _rules(old) != _rules(new):
        yield stock_changed(new, old.version + 1, available, occurred_at)


def stock_changed(item: Item, version: int, available: int, occurred_at: datetime) -> Event:
    """The number of units that can be bought changed, or whether more can be bought."""
    payload = {
        "variantId": item.variant_id,
        "version": version,
        "available": available,
        **_rules(item),
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, item.variant_id, "mercato.inventory.StockChanged", payload)


def noticed(events: list[Event]) -> set[UUID]:
    """The variants whose version an announcement has raised."""
    return {event.key for event in events}


def backorders_changed(lines: Sequence[WaitingLine], occurred_at: datetime) -> Iterator[Event]:
    """An event for each order of which lines wait for fewer units."""
    by_order: defaultdict[UUID, dict[UUID, WaitingLine]] = defaultdict(dict)
    for line in sorted(lines, key=lambda its: its.version):  # of a line that changed twice, the last word
        by_order[line.order_id][line.line_id] = line
    for order_id, latest in by_order.items():
        payload = {
            "orderId": order_id,
            "lines": [_waiting(line) for line in latest.values()],
            "occurredAt": occurred_at,
        }
        yield Event(TOPIC, order_id, "mercato.inventory.BackorderChanged", payload)


def _waiting(line: WaitingLine) -> dict[str, Any]:
    return {"lineId": line.line_id, "variantId": line.variant_id, "waiting": line.quantity, "version": line.version}


def _stock_low(item: Item, version: int, available: int, occurred_at: datetime) -> Event:
    payload = {
        "variantId": item.variant_id,
        "version": version,
        "available": available,
        "threshold": item.low_stock_threshold,
        "occurredAt": occurred_at,
    }
    return Event(TOPIC, item.variant_id, "mercato.inventory.StockLow", payload)


def _rules(item: Item) -> dict[str, Any]:
    """What shoppers and those who wait can notice beside their number: a day is told though nobody else may wait."""
    is_allowed, day = item.accepts_backorders, item.backorders.available_from
    backorder = {
        "isAllowed": is_allowed,
        "availableFrom": day if is_allowed else None,
        "remaining": item.backorders.remaining(item.waiting),
    }
    return {"backorder": backorder, "expectedFrom": day}
