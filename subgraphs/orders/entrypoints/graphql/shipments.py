"""Parcels."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from ariadne import MutationType, ObjectType

from shared.errors import Internal
from shared.graphql.context import Info
from shared.graphql.idempotency import replayable_mutation
from shared.graphql.mutations import payload
from subgraphs.orders.commands.create_shipment import create_shipment
from subgraphs.orders.commands.deliver_shipment import deliver_shipment
from subgraphs.orders.domain.shipment import parse_shipment, parse_shipment_id
from subgraphs.orders.domain.waiting import StillToCome
from subgraphs.orders.entrypoints.graphql.callers import staff
from subgraphs.orders.entrypoints.graphql.orders import changed_order
from subgraphs.orders.queries.orders import OrderLineView, OrderView
from subgraphs.orders.queries.shipments import ShipmentView

mutation = MutationType()
order_type = ObjectType("Order")
line_type = ObjectType("OrderLine")
BINDABLES = (mutation, order_type, line_type)


@order_type.field("shipments")
async def resolve_shipments(order: OrderView, info: Info) -> Sequence[ShipmentView]:
    """Its parcels."""
    return await order.details.shipments.of(order.id) or ()


@line_type.field("shippedQuantity")
async def resolve_shipped_quantity(line: OrderLineView, info: Info) -> int:
    """How many of its pieces have left."""
    quantities = await line.details.shipped_quantities.of(line.order_id) or {}
    return quantities.get(line.id, 0)


@line_type.field("waitingQuantity")
async def resolve_waiting_quantity(line: OrderLineView, info: Info) -> int:
    """How many of its pieces are still to come."""
    waiting = await _still_to_come(line)
    return waiting.quantity if waiting else 0


@line_type.field("expectedFrom")
async def resolve_expected_from(line: OrderLineView, info: Info) -> date | None:
    """When those are expected."""
    waiting = await _still_to_come(line)
    return waiting.expected_from if waiting else None


async def _still_to_come(line: OrderLineView) -> StillToCome | None:
    return (await line.details.still_to_come.of(line.order_id) or {}).get(line.id) if line.may_wait else None


@mutation.field("shipmentCreate")
@payload
async def resolve_create(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Records a parcel."""
    asked, who = parse_shipment(input), staff(info)

    async def create() -> str:
        return str(await create_shipment(asked, who.user_id))

    shipment_id = await replayable_mutation(info, input, idempotency_key, create)
    order = await changed_order(asked.order_id, who)
    return {"order": order, "shipment": await _shipment(order, UUID(shipment_id))}


@mutation.field("shipmentDeliver")
@payload
async def resolve_deliver(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Records that a parcel arrived."""
    shipment_id, who = parse_shipment_id(input["shipment_id"]), staff(info)

    async def deliver() -> str:
        return str(await deliver_shipment(shipment_id, who.user_id))

    order_id = await replayable_mutation(info, input, idempotency_key, deliver)
    order = await changed_order(UUID(order_id), who)
    return {"order": order, "shipment": await _shipment(order, shipment_id)}


async def _shipment(order: OrderView, shipment_id: UUID) -> ShipmentView:
    for shipment in await order.details.shipments.of(order.id) or ():
        if shipment.id == shipment_id:
            return shipment
    raise Internal("The shipment was recorded but can't be read.")
