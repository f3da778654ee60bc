"""Rejected refunds of which the buyer has a part by now, from somebody else:
what is left is refunded in their place.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.order import Actor, Cause, Order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.domain.rejected_refund import cut_short


async def cut_rejected_short(
    order: Order, rejected: Sequence[Refund], actor: Actor, user_id: UUID | None, work: OrdersWork
) -> Sequence[UUID]:
    """Of rejected refunds that ask for more than a locked order has, refunds what it has: they would be rejected again.

    Answers the ids of the refunds that are given instead.
    """
    money, instead = await work.refunds.refundable(order.id), []
    for refund, amount_minor in cut_short(rejected, money.total_minor - money.given_minor):
        if amount_minor:
            await work.refunds.end_rejected([refund])
            instead.append(await _give_instead(refund, amount_minor, user_id, work))
        else:
            await work.refunds.end_keeping_units_out(refund)
        await work.orders.note(order, Cause(_reason(refund, amount_minor, order.currency), actor, user_id))
    return instead


async def _give_instead(refund: Refund, amount_minor: int, user_id: UUID | None, work: OrdersWork) -> UUID:
    units = () if refund.times_back else refund.units  # what came back has settled its own
    instead = replace(refund, id=new_id(), amount_minor=amount_minor, units=units, times_back=0)
    await work.refunds.add(instead, RefundStatus.PENDING, user_id)
    await work.sagas.start(instead.id, Kind.REFUND, instead.order_id)
    return instead.id


def _reason(refund: Refund, amount_minor: int, currency: str) -> str:
    asked, left = Money(refund.amount_minor, currency), Money(amount_minor, currency)
    return (
        f"of a refused refund of {asked.amount} {currency} only {left.amount} are left to give back;"
        " the buyer has the rest"
    )
