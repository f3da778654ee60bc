"""What a parcel that leaves means for its order."""

from uuid import UUID

from shared.persistence.outbox import publish
from subgraphs.orders.domain.events import order_shipped
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.shipment import Shipment
from subgraphs.orders.infrastructure.shipments import placed_order, touch
from subgraphs.orders.infrastructure.standings import move_on_with_note, standing_of
from subgraphs.orders.infrastructure.waiting import still_to_come


async def send_parcel(order_id: UUID, shipment: Shipment) -> None:
    """Moves a locked order, adds a line to its history and publishes OrderShipped, for a parcel that is recorded as SHIPPED."""
    reason = f"parcel {shipment.id} left with {shipment.carrier}"
    await move_on_with_note(order_id, reason, Actor.STAFF, shipment.user_id)
    is_last = not (await standing_of(order_id)).has_open
    order, waiting = await placed_order(order_id), await still_to_come(order_id)
    await publish(order_shipped(order, shipment, is_last, await touch(order_id), waiting))
