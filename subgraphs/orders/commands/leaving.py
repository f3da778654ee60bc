"""What a shipment that leaves means for its order."""

from uuid import UUID

from subgraphs.orders.commands.standing import update_status_with_note
from subgraphs.orders.domain.events import order_shipped
from subgraphs.orders.domain.order import Actor, Cause
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment import Shipment


async def leave(order_id: UUID, shipment: Shipment, work: OrdersWork) -> None:
    """Updates the status of a locked order, adds to its history and tells of a shipment that is recorded as SHIPPED."""
    cause = Cause(f"parcel {shipment.id} left with {shipment.carrier}", Actor.STAFF, shipment.user_id)
    await update_status_with_note(order_id, cause, work)
    is_last = not (await work.orders.standing(order_id)).has_open
    order, waiting = await work.orders.placed(order_id), await work.orders.still_to_come(order_id)
    work.events.record(order_shipped(order, shipment, is_last, await work.orders.touch(order_id), waiting))
