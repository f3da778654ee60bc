"""Records that lines of an order, or parts of them, are handed to a carrier."""

from uuid import UUID

from shared.errors import UserErrors
from shared.ids import new_id
from subgraphs.orders.commands.send_parcel import send_parcel
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.shipment import AskedShipment, Shipment, ShipmentStatus, plan_shipment
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.sagas import start
from subgraphs.orders.infrastructure.shipments import insert_shipment, shippable


async def create_shipment(asked: AskedShipment, user_id: UUID) -> UUID:
    """The shipment's id. Where the order's money is still to be taken, it is PENDING until its saga has done so.

    Call it in a transaction. Of calls for one order at the same moment, each sees what the one before it sent.

    Raises:
        UserErrors: when there is no such order, its status does not allow it, or less is left; then nothing was changed.
    """
    order = await lock_order(asked.order_id)
    if order is None:
        raise UserErrors(order_not_found())
    pieces = plan_shipment(asked, await shippable(order))
    shipment = Shipment(new_id(), order.id, asked.carrier, asked.tracking_code, pieces, user_id)
    if order.is_captured:
        await insert_shipment(shipment, ShipmentStatus.SHIPPED)
        await send_parcel(order.id, shipment)
    else:
        await insert_shipment(shipment, ShipmentStatus.PENDING)
        await start(shipment.id, Kind.SHIPMENT, order.id)
    return shipment.id
