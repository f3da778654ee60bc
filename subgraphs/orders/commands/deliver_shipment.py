"""Records that a shipment reached the buyer."""

from dataclasses import replace
from uuid import UUID

from shared.errors import UserErrors
from shared.outbox import publish
from subgraphs.orders.domain.events import order_delivered
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.shipment import Shipment, check_deliverable, moves_on_delivery, shipment_not_found
from subgraphs.orders.infrastructure.moves import LockedOrder, lock_order, note, set_status
from subgraphs.orders.infrastructure.shipments import (
    are_all_delivered,
    placed_order,
    set_delivered,
    shipment_by_id,
    shippable,
    touch,
)


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
    await _arrive(order, found.shipment, user_id)
    return order.id


async def _lock_order_of(shipment_id: UUID) -> LockedOrder:
    found = await shipment_by_id(shipment_id)
    order = await lock_order(found.shipment.order_id) if found else None
    if order is None:
        raise UserErrors(shipment_not_found())
    return order


async def _arrive(order: LockedOrder, shipment: Shipment, user_id: UUID) -> None:
    has_left = (await shippable(order)).has_left
    reason = f"parcel {shipment.id} was delivered"
    moves = moves_on_delivery(order.status, has_left, await are_all_delivered(order.id))
    before = order
    for status in moves:
        await set_status(before, status, reason, Actor.STAFF, user_id)
        before = replace(before, status=status)
    if not moves:
        await note(order.id, order.status, order.status, reason, Actor.STAFF, user_id)
    delivered_at = await touch(order.id)
    await publish(order_delivered(await placed_order(order.id), shipment, not has_left, delivered_at))
