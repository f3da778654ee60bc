"""What a parcel that leaves means for its order."""

from shared.outbox import publish
from subgraphs.orders.domain.events import order_shipped
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.shipment import Shipment, moves_on_leaving
from subgraphs.orders.infrastructure.moves import LockedOrder, note, set_status
from subgraphs.orders.infrastructure.shipments import placed_order, shippable, touch


async def send_parcel(order: LockedOrder, shipment: Shipment) -> None:
    """Moves a locked order, adds a line to its history and publishes OrderShipped, for a parcel that is recorded as SHIPPED."""
    has_left = (await shippable(order)).has_left
    reason = f"parcel {shipment.id} left with {shipment.carrier}"
    moves = moves_on_leaving(order.status, has_left)
    for status in moves:
        await set_status(order, status, reason, Actor.STAFF, shipment.user_id)
    if not moves:
        await note(order.id, order.status, order.status, reason, Actor.STAFF, shipment.user_id)
    sent_at = await touch(order.id)
    await publish(order_shipped(await placed_order(order.id), shipment, not has_left, sent_at))
