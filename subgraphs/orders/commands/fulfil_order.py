"""The saga of an order: placed and brought to its confirmation, or undone."""

import logging

from shared.persistence import db
from subgraphs.orders.commands.run_saga import Following, fenced, leave_to_a_person
from subgraphs.orders.commands.try_step import Attempt, try_step
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, CartLifetime
from subgraphs.orders.domain.events import order_cancelled, order_confirmed, payment_action_required
from subgraphs.orders.domain.fulfilment import (
    CAPTURED_LATER,
    ORDER_TRANSITIONS,
    CaptureTime,
    Saga,
    Step,
    Times,
    Transitions,
    pause_before_look,
)
from subgraphs.orders.domain.order import Actor, OrderStatus, statuses_before
from subgraphs.orders.domain.ports import Inventory, Payments
from subgraphs.orders.domain.refund import Refund, RefundSource, RefundStatus
from subgraphs.orders.infrastructure.cancellations import tell_reason
from subgraphs.orders.infrastructure.failed_refunds import cancellation_id
from subgraphs.orders.infrastructure.metrics import ENDED_SECONDS
from subgraphs.orders.infrastructure.moves import Move, Moved, lock_order, move, set_status
from subgraphs.orders.infrastructure.refunds import count_as_given, end_refunds_under_way, insert_refund, refund_by_id
from subgraphs.orders.infrastructure.sagas import advance

logger = logging.getLogger(__name__)


class OrderSteps:
    """Fulfils and undoes orders with the other subgraphs."""

    def __init__(
        self,
        inventory: Inventory,
        payments: Payments,
        times: Times,
        capture: CaptureTime,
        carts: CartLifetime = DEFAULT_LIFETIME,
    ) -> None:
        self._inventory = inventory
        self._payments = payments
        self._times = times
        self._carts = carts
        self.transitions: Transitions = CAPTURED_LATER if capture is CaptureTime.SHIPMENT else ORDER_TRANSITIONS

    async def attempt(self, saga: Saga) -> Attempt:
        """Tries what the saga is at.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        return await try_step(saga, self._inventory, self._payments)

    async def record(self, saga: Saga, attempt: Attempt, step: Step) -> Following:
        """Records what follows. Somebody may have asked to cancel the order meanwhile: then it turns round."""
        cancellation = saga.cancellation or attempt.cancellation
        match saga.step, step:
            case _, Step.STUCK:
                await _stop(saga, attempt)
                return None
            case Step.REFUND, _:
                return await self._refunded(saga, attempt.given_minor, step)
            case _, Step.CONFIRMED:
                return await self._move(saga, _confirmation(saga))
            case _, Step.CANCELLED:
                return await self._move(saga, _end(saga, cancellation, self._carts))
            case _, Step.AWAIT_ACTION:
                return await self._move(saga, self._waiting(saga))
            case Step.AWAIT_ACTION, Step.COMMIT:
                return await self._move(saga, Move(step, OrderStatus.PENDING, "the buyer confirmed the payment"))
            case Step.AWAIT_ACTION, Step.VOID if (
                not saga.is_cancel_requested and cancellation
            ):  # nobody is to pay any more
                return await self._move(
                    saga, Move(step, OrderStatus.CANCELLING, cancellation.code, cancellation=cancellation)
                )
        return await self._advance(saga, step, cancellation)

    def _waiting(self, saga: Saga) -> Move:
        return Move(
            Step.AWAIT_ACTION,
            OrderStatus.AWAITING_PAYMENT_ACTION,
            "the bank wants the buyer to confirm the payment",
            payment_action_required(saga.order),
            pause_seconds=pause_before_look(1),
            deadline_seconds=self._times.action_deadline_seconds,
        )

    async def _move(self, saga: Saga, to: Move) -> Following:
        moved = await move(saga, to, self._times.lease_seconds)
        if moved is None:
            return await self._advance(saga, to.step, to.cancellation)
        if to.is_end:
            _note_end(moved)
            return None
        return moved.saga if to.pause_seconds is None else to.pause_seconds

    async def _advance(self, saga: Saga, step: Step, cancellation: Cancellation | None) -> Following:
        following = await advance(saga, step, cancellation, self._times.lease_seconds)
        if following is None:
            fenced(saga)
        return following

    async def _refunded(self, saga: Saga, given_minor: int, step: Step) -> Following:
        async with db.transaction():
            await lock_order(saga.order.id)
            following = await self._advance(saga, step, None)
            if following is not None and given_minor:
                await _book(_refund(saga, given_minor))
        return following


async def _stop(saga: Saga, attempt: Attempt) -> None:
    """Only what is being undone stops. While it waits for a person, its buyer is asked for nothing and sees what comes of it."""
    async with db.transaction():
        order = await lock_order(saga.order.id)
        assert order is not None
        if await leave_to_a_person(saga, attempt) and order.status in statuses_before(OrderStatus.CANCELLING):
            await set_status(order, OrderStatus.CANCELLING, "undoing it waits for a person", Actor.SHOP, None)
            await tell_reason(order.id)


async def _book(refund: Refund) -> None:
    """Counts what was given back, unless it came back before; then nothing that came back earlier is owed beside it."""
    if await refund_by_id(refund.id) is not None:
        return
    await insert_refund(refund, RefundStatus.DONE, None)
    await count_as_given(refund.id)
    order = await lock_order(refund.order_id)
    if order is not None and order.refunded_minor == order.total_minor:
        await end_refunds_under_way(order.id)


def _refund(saga: Saga, given_minor: int) -> Refund:
    reason = saga.cancellation.message if saga.cancellation else "The order could not be completed."
    refund_id = cancellation_id(saga.order.id, saga.order.attempt)
    return Refund(
        *(refund_id, saga.order.id, given_minor, reason, True, ()),
        source=RefundSource.CANCELLATION,
        paid_outside=saga.settlement.paid_outside if saga.settlement else None,
    )


def _confirmation(saga: Saga) -> Move:
    is_capture = saga.step is Step.CAPTURE
    reason = "paid and in stock" if is_capture else "in stock, and its price is held"
    event = order_confirmed(saga.order, is_paid=is_capture or saga.order.total_minor == 0)
    return Move(Step.CONFIRMED, OrderStatus.CONFIRMED, reason, event, is_capture=is_capture, is_end=True)


def _end(saga: Saga, cancellation: Cancellation | None, carts: CartLifetime) -> Move:
    assert cancellation is not None, "every way to CANCELLED begins with an outcome that has a reason"
    event = order_cancelled(saga.order, cancellation)
    return Move(
        Step.CANCELLED, OrderStatus.CANCELLED, cancellation.code, event, cancellation, is_end=True, reopened_for=carts
    )


def _note_end(moved: Moved) -> None:
    saga = moved.saga
    if not saga.is_cancel_requested and saga.order.attempt == 1:  # a later attempt begins long after the placing
        ENDED_SECONDS.labels(saga.step).observe((moved.moved_at - moved.placed_at).total_seconds())
    logger.info("order %s ended: %s", saga.order.number, saga.step)
