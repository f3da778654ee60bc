"""Cancelling, refunding, taking up again what is stuck, and settling what can't be given back."""

from typing import Any
from uuid import UUID

from ariadne import MutationType

from shared.errors import Internal, UserErrors
from shared.graphql.context import Info
from shared.graphql.idempotency import replayable_mutation
from shared.graphql.mutations import payload
from shared.ids import try_parse_id
from subgraphs.orders.commands.cancel_order import cancel_order, parse_cancellation
from subgraphs.orders.commands.refund_order import refund_order
from subgraphs.orders.commands.retry_order import retry_order
from subgraphs.orders.commands.settle_order import parse_settlement, settle_order
from subgraphs.orders.domain.errors import order_not_found
from subgraphs.orders.domain.refund import parse_refund
from subgraphs.orders.entrypoints.graphql.callers import CANCEL, person_with, staff
from subgraphs.orders.entrypoints.graphql.orders import changed_order
from subgraphs.orders.queries.order_details import RefundView
from subgraphs.orders.queries.orders import OrderView

mutation = MutationType()
BINDABLES = (mutation,)


@mutation.field("orderCancel")
@payload
async def resolve_cancel(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Asks for an order to be cancelled."""
    asked, who = parse_cancellation(input), person_with(info, CANCEL)

    async def cancel() -> str:
        await cancel_order(asked, who)
        return str(asked.order_id)

    order_id = await replayable_mutation(info, input, idempotency_key, cancel)
    return {"order": await changed_order(UUID(order_id), who)}


@mutation.field("orderRefund")
@payload
async def resolve_refund(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Asks for money to be given back."""
    asked, who = parse_refund(input), staff(info)

    async def refund() -> str:
        return str(await refund_order(asked, who.user_id))

    refund_id = await replayable_mutation(info, input, idempotency_key, refund)
    order = await changed_order(asked.order_id, who)
    return {"order": order, "refund": await _refund(order, UUID(refund_id))}


@mutation.field("orderRetry")
@payload
async def resolve_retry(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Takes up again what is stuck."""
    order_id, who = try_parse_id(input["order_id"]), staff(info)
    if order_id is None:
        raise UserErrors(order_not_found())

    async def retry() -> str:
        await retry_order(order_id, who.user_id)
        return str(order_id)

    await replayable_mutation(info, input, idempotency_key, retry)
    return {"order": await changed_order(order_id, who)}


@mutation.field("orderSettle")
@payload
async def resolve_settle(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
    """Records that the buyer was paid what the provider did not give back."""
    paid, who = parse_settlement(input), staff(info)

    async def settle() -> str:
        await settle_order(paid, who.user_id)
        return str(paid.order_id)

    await replayable_mutation(info, input, idempotency_key, settle)
    return {"order": await changed_order(paid.order_id, who)}


async def _refund(order: OrderView, refund_id: UUID) -> RefundView:
    for refund in await order.details.refunds.of(order.id) or ():
        if refund.id == refund_id:
            return refund
    raise Internal("The refund was recorded but can't be read.")
