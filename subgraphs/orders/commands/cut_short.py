"""Refused refunds of which the buyer has a part by now, from somebody else: what is left is given back in their place."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.fulfilment import Kind
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.domain.refused_refund import cut_short
from subgraphs.orders.infrastructure.moves import LockedOrder, note
from subgraphs.orders.infrastructure.refunds import insert_refund, refundable
from subgraphs.orders.infrastructure.refused_refunds import give_up, give_up_keeping_out
from subgraphs.orders.infrastructure.sagas import start


async def cut_refused_short(
    order: LockedOrder, refused: Sequence[Refund], actor: Actor, user_id: UUID | None
) -> Sequence[UUID]:
    """Of refused refunds that ask for more than a locked order has, gives back what it has: they would be refused again.

    Answers the ids of the refunds that are given instead.
    """
    money, instead = await refundable(order), []
    for refund, amount_minor in cut_short(refused, money.total_minor - money.given_minor):
        if amount_minor:
            await give_up([refund])
            instead.append(await _give_instead(refund, amount_minor, user_id))
        else:
            await give_up_keeping_out(refund)
        await note(order.id, order.status, order.status, _reason(refund, amount_minor, order.currency), actor, user_id)
    return instead


async def _give_instead(refund: Refund, amount_minor: int, user_id: UUID | None) -> UUID:
    pieces = () if refund.times_back else refund.pieces  # what came back has settled its own
    instead = replace(refund, id=new_id(), amount_minor=amount_minor, pieces=pieces, times_back=0)
    await insert_refund(instead, RefundStatus.PENDING, user_id)
    await start(instead.id, Kind.REFUND, instead.order_id)
    return instead.id


def _reason(refund: Refund, amount_minor: int, currency: str) -> str:
    asked, left = Money(refund.amount_minor, currency), Money(amount_minor, currency)
    return f"of a refused refund of {asked.amount} {currency} only {left.amount} are left to give back; the buyer has the rest"
