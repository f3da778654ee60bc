"""Books money that went back to the buyer, and what follows from that for the order. Call it with the order's row locked."""

import logging
from dataclasses import replace
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from shared.persistence.outbox import publish
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.events import order_refunded
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, OrderStatus, PlacedOrder
from subgraphs.orders.domain.refund import Refund, RefundSource, RefundStatus, may_be_refunded
from subgraphs.orders.infrastructure.cancellations import ask_to_cancel, go_on_without_money
from subgraphs.orders.infrastructure.moves import LockedOrder, lock_order, note
from subgraphs.orders.infrastructure.refunds import (
    add_pieces,
    count_as_given,
    end_refunds_under_way,
    insert_refund,
    last_without_pieces,
    put_back_with,
    refund_by_id,
)
from subgraphs.orders.infrastructure.sagas import is_under_way, start, start_anew
from subgraphs.orders.infrastructure.shipments import end_parcels_under_way, placed_order, set_captured
from subgraphs.orders.infrastructure.standings import move_on, pieces_here, waited_for_in_vain

logger = logging.getLogger(__name__)

_BEFORE_CONFIRMATION = (OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION)
_ALL_GIVEN = "all of its money was given back"


async def book(order: PlacedOrder, refund_id: UUID) -> None:
    """Counts a refund that is recorded as DONE, moves its order and publishes OrderRefunded, if it is of money."""
    given_at = await count_as_given(refund_id)
    locked = await lock_order(order.id)
    assert locked is not None
    is_all = locked.refunded_minor == locked.total_minor
    if is_all and locked.status is not OrderStatus.REFUNDED:
        await _close(locked, refund_id)
    await move_on(order.id, _ALL_GIVEN if is_all else "nothing else of it is to be sent", Actor.SHOP, None)
    refund = await refund_by_id(refund_id)
    assert refund is not None, f"refund {refund_id} was recorded before it is booked"
    if refund.amount_minor:
        await publish(order_refunded(order, refund, given_at))


async def _close(order: LockedOrder, closing_id: UUID) -> None:
    """Nothing is left of its money. The pieces that are still here go back into stock, but for those that a refund keeps out.

    They go with a refund that was for none: somebody else's, or one of an amount. Without one, staff decide on them; but nothing of
    it is sent any more, so nobody need wait for the pieces that have not come.
    """
    await end_refunds_under_way(order.id)
    await end_parcels_under_way(order.id)
    pieces = await pieces_here(order.id) if may_be_refunded(order.status) else ()
    refund_id = await last_without_pieces(order.id) if pieces else None
    if refund_id is not None:
        await put_back_with(refund_id, pieces)
        if refund_id != closing_id or not await is_under_way(refund_id):
            await start_anew(refund_id, Kind.REFUND, order.id, Step.RESTOCK)
    elif pieces:
        await _give_up_waiting(order.id, closing_id)


async def _give_up_waiting(order_id: UUID, refund_id: UUID) -> None:
    """Adds them to the refund, or, where that has settled its pieces since its money came back once, to one of no money."""
    refund, pieces = await refund_by_id(refund_id), await waited_for_in_vain(order_id, refund_id)
    if refund is None or not refund.has_settled_pieces:
        await add_pieces(refund_id, pieces)
    elif pieces:
        closing = replace(refund, id=new_id(), amount_minor=0, is_restocking=False, pieces=pieces, times_back=0)
        await insert_refund(closing, RefundStatus.PENDING, None)
        await start(closing.id, Kind.REFUND, order_id)


async def book_elsewhere(order: LockedOrder, amount_minor: int, source: RefundSource, reason: str) -> None:
    """Books what a locked order's buyer got back without a refund of ours. More than was left is not the order's any more."""
    told_minor, amount_minor = amount_minor, min(amount_minor, order.total_minor - order.refunded_minor)
    if amount_minor < told_minor:
        await _note_too_much(order, Money(told_minor - max(amount_minor, 0), order.currency), reason)
    if amount_minor <= 0:
        return
    refund = Refund(new_id(), order.id, amount_minor, reason, False, (), source)
    await set_captured(order.id)
    await insert_refund(refund, RefundStatus.DONE, None)
    await book(await placed_order(order.id), refund.id)
    if order.refunded_minor + amount_minor == order.total_minor:
        await _turn_round(order)


async def _note_too_much(order: LockedOrder, more: Money, reason: str) -> None:
    """The buyer has more than was paid, such as what the shop has paid as well: to get it back is for people."""
    logger.warning("order %s: %s %s more than was paid went back: %s", order.id, more.amount, more.currency, reason)
    news = f"{more.amount} {more.currency} more than was paid went back to the buyer: {reason}"
    await note(order.id, order.status, order.status, news, Actor.SHOP, None)


async def _turn_round(order: LockedOrder) -> None:
    if order.status in _BEFORE_CONFIRMATION:
        await ask_to_cancel(order, asked_for_by(Actor.STAFF, is_paid=True), _ALL_GIVEN, Actor.SHOP, None)
    await go_on_without_money(order.id)
