"""Records that a shipment reached the buyer."""

from uuid import UUID

from shared.errors import UserErrors
from shared.persistence.outbox import publish
from subgraphs.orders.domain.events import order_delivered
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.shipment import Shipment, check_deliverable, shipment_not_found
from subgraphs.orders.infrastructure.moves import LockedOrder, lock_order
from subgraphs.orders.infrastructure.shipments import placed_order, set_delivered, shipment_by_id, touch
from subgraphs.orders.infrastructure.standings import move_on_with_note, standing_of


async def deliver_shipment(shipment_id: UUID, user_id: UUID) -> UUID:
    """The id of the order, which is DELIVERED with the last parcel of all of it. Call it in a transaction.

    Raises:
        UserErrors: when there is no such shipment, or it is not on its way; then nothing was changed.
    """
    order = await _lock_order_of(shipment_id)
    found = await shipment_by_id(shipment_id)
    assert found is not None, "shipments are never deleted"
    check_deliverable(found.status)
    await set_delivered(shipment_id)
    await _arrive(order.id, found.shipment, user_id)
    return order.id


async def _lock_order_of(shipment_id: UUID) -> LockedOrder:
    found = await shipment_by_id(shipment_id)
    order = await lock_order(found.shipment.order_id) if found else None
    if order is None:
        raise UserErrors(shipment_not_found())
    return order


async def _arrive(order_id: UUID, shipment: Shipment, user_id: UUID) -> None:
    await move_on_with_note(order_id, f"parcel {shipment.id} was delivered", Actor.STAFF, user_id)
    is_last = not (await standing_of(order_id)).has_open
    await publish(order_delivered(await placed_order(order_id), shipment, is_last, await touch(order_id)))
