"""Books refunds, and what follows from them for their orders, which are locked."""

import logging
from dataclasses import replace
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.commands.locked import known_order
from subgraphs.orders.commands.standing import update_status
from subgraphs.orders.domain.cancellation import asked_for_by
from subgraphs.orders.domain.events import order_refunded
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, Cause, Order, OrderStatus, PlacedOrder
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import Refund, RefundSource, RefundStatus, may_be_refunded

logger = logging.getLogger(__name__)

_BEFORE_CONFIRMATION = (OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION)
_ALL_REFUNDED = Cause("all of its money was given back", Actor.SHOP)
_NOTHING_TO_SHIP = Cause("nothing else of it is to be sent", Actor.SHOP)


async def book(order: PlacedOrder, refund_id: UUID, work: OrdersWork) -> None:
    """Counts a refund that is recorded as DONE, updates its order's status and publishes OrderRefunded, if it is of
    money.
    """
    given_at = await work.orders.add_refunded(refund_id)
    locked = await known_order(order.id, work)
    if locked.is_all_refunded and locked.status is not OrderStatus.REFUNDED:
        await _close(locked, refund_id, work)
    await update_status(order.id, _ALL_REFUNDED if locked.is_all_refunded else _NOTHING_TO_SHIP, work)
    refund = await work.refunds.by_id(refund_id)
    assert refund is not None, f"refund {refund_id} was recorded before it is booked"
    if refund.amount_minor:
        work.events.record(order_refunded(order, refund, given_at))


async def _close(order: Order, closing_id: UUID, work: OrdersWork) -> None:
    """Nothing is left of its money. The units that are still here go back into stock, but for those that a refund keeps
    out.

    They go with a refund that was for none: somebody else's, or one of an amount. Without one, staff decide on them;
    but nothing of it is shipped any more, so nobody need wait for the units that have not come.
    """
    await work.refunds.end_open(order.id)
    await work.shipments.end_open(order.id)
    units = await work.orders.units_here(order.id) if may_be_refunded(order.status) else ()
    refund_id = await work.refunds.latest_without_units(order.id) if units else None
    if refund_id is not None:
        await work.refunds.restock_with(refund_id, units)
        if refund_id != closing_id or not await work.sagas.is_open(refund_id):
            await work.sagas.restart(refund_id, Kind.REFUND, order.id, Step.RESTOCK)
    elif units:
        await _give_up_waiting(order.id, closing_id, work)


async def _give_up_waiting(order_id: UUID, refund_id: UUID, work: OrdersWork) -> None:
    """Adds them to the refund, or, where that has settled its units since its money came back once,
    to one of no money.
    """
    refund = await work.refunds.by_id(refund_id)
    units = await work.orders.units_waited_for_in_vain(order_id, refund_id)
    if refund is None or not refund.has_settled_units:
        await work.refunds.add_units(refund_id, units)
    elif units:
        closing = replace(refund, id=new_id(), amount_minor=0, is_restocking=False, units=units, times_back=0)
        await work.refunds.add(closing, RefundStatus.PENDING)
        await work.sagas.start(closing.id, Kind.REFUND, order_id)


async def book_elsewhere(order: Order, amount_minor: int, source: RefundSource, reason: str, work: OrdersWork) -> None:
    """Books what an order's buyer got back without a refund of ours. More than was left is not the order's any more."""
    told_minor, amount_minor = amount_minor, min(amount_minor, order.total_minor - order.refunded_minor)
    if amount_minor < told_minor:
        await _note_too_much(order, Money(told_minor - max(amount_minor, 0), order.currency), reason, work)
    if amount_minor <= 0:
        return
    refund = Refund(new_id(), order.id, amount_minor, reason, False, (), source)
    await work.orders.record_capture(order.id)
    await work.refunds.add(refund, RefundStatus.DONE)
    await book(await work.orders.placed(order.id), refund.id, work)
    if order.refunded_minor + amount_minor == order.total_minor:
        await _turn_round(order, work)


async def _note_too_much(order: Order, more: Money, reason: str, work: OrdersWork) -> None:
    """The buyer has more than was paid, such as what the shop has paid as well: to get it back is for people."""
    logger.warning("order %s: %s %s more than was paid went back: %s", order.id, more.amount, more.currency, reason)
    news = f"{more.amount} {more.currency} more than was paid went back to the buyer: {reason}"
    await work.orders.note(order, Cause(news, Actor.SHOP))


async def _turn_round(order: Order, work: OrdersWork) -> None:
    if order.status in _BEFORE_CONFIRMATION:
        await work.orders.request_cancellation(order, asked_for_by(Actor.STAFF, is_paid=True), _ALL_REFUNDED)
    await work.sagas.resume_without_money(order.id)
