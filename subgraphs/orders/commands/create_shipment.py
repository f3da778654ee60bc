"""Records that lines of an order, or parts of them, are handed to a carrier."""

from dataclasses import dataclass
from uuid import UUID

from shared.ids import new_id
from subgraphs.orders.commands.leaving import leave
from subgraphs.orders.commands.locked import locked_order
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment import Shipment, ShipmentRequest, plan_shipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus


@dataclass(frozen=True, slots=True)
class CreateShipment:
    """What is to be shipped, and who of the staff wants it."""

    request: ShipmentRequest
    user_id: UUID


async def create_shipment(command: CreateShipment, work: OrdersWork) -> UUID:
    """The shipment's id. Where the order's money is still to be taken, it is PENDING until its saga has done so.

    Of commands for one order at the same moment, each sees what the one before it shipped.

    Raises:
        OrderNotFound, and what ``plan_shipment`` raises.
    """
    request = command.request
    order = await locked_order(request.order_id, work)
    units = plan_shipment(request, await work.shipments.shippable(order.id))
    shipment = Shipment(new_id(), order.id, request.carrier, request.tracking_code, units, command.user_id)
    if order.is_captured:
        await work.shipments.add(shipment, ShipmentStatus.SHIPPED)
        await leave(order.id, shipment, work)
    else:
        await work.shipments.add(shipment, ShipmentStatus.PENDING)
        await work.sagas.start(shipment.id, Kind.SHIPMENT, order.id)
    return shipment.id
