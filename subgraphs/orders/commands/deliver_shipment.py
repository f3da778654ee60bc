"""Records that a shipment reached the buyer."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.orders.commands.locked import known_order
from subgraphs.orders.commands.standing import update_status_with_note
from subgraphs.orders.domain.events import order_delivered
from subgraphs.orders.domain.order import Actor, Cause
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.rejections import ShipmentNotFound
from subgraphs.orders.domain.shipment import Shipment, StoredShipment, check_deliverable
from subgraphs.orders.domain.shipment_status import ShipmentStatus


@dataclass(frozen=True, slots=True)
class DeliverShipment:
    """Which shipment, and who of the staff says so."""

    shipment_id: UUID
    user_id: UUID


async def deliver_shipment(command: DeliverShipment, work: OrdersWork) -> UUID:
    """The id of the order, which is DELIVERED with the last shipment of all of it.

    Raises:
        ShipmentNotFound, NotDeliverable
    """
    found = await _shipment(command.shipment_id, work)
    order = await known_order(found.shipment.order_id, work)
    found = await _shipment(command.shipment_id, work)  # as whoever had the lock before left it
    check_deliverable(found.status)
    await work.shipments.set_status(command.shipment_id, ShipmentStatus.DELIVERED)
    await _arrive(order.id, found.shipment, command.user_id, work)
    return order.id


async def _shipment(shipment_id: UUID, work: OrdersWork) -> StoredShipment:
    found = await work.shipments.by_id(shipment_id)
    if found is None:
        raise ShipmentNotFound(shipment_id)
    return found


async def _arrive(order_id: UUID, shipment: Shipment, user_id: UUID, work: OrdersWork) -> None:
    cause = Cause(f"parcel {shipment.id} was delivered", Actor.STAFF, user_id)
    await update_status_with_note(order_id, cause, work)
    is_last = not (await work.orders.standing(order_id)).has_open
    order = await work.orders.placed(order_id)
    work.events.record(order_delivered(order, shipment, is_last, await work.orders.touch(order_id)))
