"""What inventory tells the others; the contract is ``schema/events/inventory.yaml``."""

from datetime import datetime
from uuid import UUID

from shared.events.event import Event

TOPIC = "inventory.stock.v1"


def stock_changed(variant_id: UUID, version: int, available: int, occurred_at: datetime) -> Event:
    """The number of pieces that can be bought changed."""
    payload = {"variantId": variant_id, "version": version, "available": available, "occurredAt": occurred_at}
    return Event(TOPIC, variant_id, "mercato.inventory.StockChanged", payload)
