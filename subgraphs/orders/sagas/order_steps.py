"""The saga of an order: placed and brought to its confirmation, or undone."""

from subgraphs.orders.domain.cancellation import Cancellation, action_not_taken, timed_out
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, CartLifetime
from subgraphs.orders.domain.events import order_cancelled, order_confirmed, payment_action_required
from subgraphs.orders.domain.fulfilment import (
    CAPTURED_LATER,
    ORDER_TRANSITIONS,
    CaptureTime,
    Outcome,
    Saga,
    Step,
    Times,
    Transitions,
    is_cancelled_at,
    is_given_up,
    pause_before_look,
)
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.transition import StatusTransition
from subgraphs.orders.sagas import reports
from subgraphs.orders.sagas.attempts import Attempt, unless_rejected
from subgraphs.orders.sagas.compensation import record_given, stop, undo
from subgraphs.orders.sagas.following import Ended, Following, GoesOn, Paused
from subgraphs.orders.sagas.forwards import authorize, capture, commit, reserve
from subgraphs.orders.sagas.recording import advance


class OrderSteps:
    """Fulfils and undoes orders with the other subgraphs."""

    def __init__(self, times: Times, capture: CaptureTime, carts: CartLifetime = DEFAULT_LIFETIME) -> None:
        self._times = times
        self._carts = carts
        self.transitions: Transitions = CAPTURED_LATER if capture is CaptureTime.SHIPMENT else ORDER_TRANSITIONS

    async def attempt(self, saga: Saga, work: OrdersWork) -> Attempt:
        """Tries what the saga is at, unless its time is over or somebody asked to cancel it.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        if is_cancelled_at(saga):
            return Attempt(Outcome.CANCEL_REQUESTED, saga.cancellation)
        if is_given_up(saga):
            return Attempt(Outcome.TIMED_OUT, action_not_taken() if saga.step is Step.AWAIT_ACTION else timed_out())
        return await unless_rejected(saga, _try(saga, work))

    async def record(self, saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
        """Records what follows. Somebody may have asked to cancel the order meanwhile: then it turns round."""
        cancellation = saga.cancellation or attempt.cancellation
        if step is Step.STUCK:
            await work.transaction(lambda its: stop(saga, attempt, its))
            return Ended()
        if saga.step is Step.REFUND:
            return await work.transaction(lambda its: self._refunded(saga, attempt.given_minor, step, its))
        to = self._status_transition(saga, step, cancellation)
        if to is not None:
            return await self._transition(saga, to, work)
        return await self._advance(saga, step, cancellation, work)

    def _status_transition(self, saga: Saga, step: Step, cancellation: Cancellation | None) -> StatusTransition | None:
        """What becomes of the order by this step, if anything does."""
        match saga.step, step:
            case _, Step.CONFIRMED:
                return _confirmation(saga)
            case _, Step.CANCELLED:
                return _end(saga, cancellation, self._carts)
            case _, Step.AWAIT_ACTION:
                return self._waiting(saga)
            case Step.AWAIT_ACTION, Step.COMMIT:
                return StatusTransition(step, OrderStatus.PENDING, "the buyer confirmed the payment")
            case Step.AWAIT_ACTION, Step.VOID if (
                not saga.is_cancel_requested and cancellation
            ):  # nobody is to pay any more
                return StatusTransition(step, OrderStatus.CANCELLING, cancellation.code, cancellation=cancellation)
        return None

    def _waiting(self, saga: Saga) -> StatusTransition:
        return StatusTransition(
            Step.AWAIT_ACTION,
            OrderStatus.AWAITING_PAYMENT_ACTION,
            "the bank wants the buyer to confirm the payment",
            payment_action_required(saga.order),
            pause_seconds=pause_before_look(1),
            deadline_seconds=self._times.action_deadline_seconds,
        )

    async def _transition(self, saga: Saga, to: StatusTransition, work: OrdersWork) -> Following:
        transitioned = await work.orders.transition(saga, to, self._times.lease_seconds)
        if transitioned is None:
            return await self._advance(saga, to.step, to.cancellation, work)
        if to.is_end:
            reports.ended(transitioned, work.reports)
            return Ended()
        return GoesOn(transitioned.saga) if to.pause_seconds is None else Paused(to.pause_seconds)

    async def _advance(self, saga: Saga, step: Step, cancellation: Cancellation | None, work: OrdersWork) -> Following:
        return await advance(saga, step, cancellation, self._times.lease_seconds, work)

    async def _refunded(self, saga: Saga, given_minor: int, step: Step, work: OrdersWork) -> Following:
        await work.orders.lock(saga.order.id)
        following = await self._advance(saga, step, None, work)
        if isinstance(following, GoesOn) and given_minor:
            await record_given(saga, given_minor, work)
        return following


async def _try(saga: Saga, work: OrdersWork) -> Attempt:
    match saga.step:
        case Step.RESERVE:
            return await reserve(saga, work)
        case Step.AUTHORIZE | Step.AWAIT_ACTION:
            return await authorize(saga, work.payments)
        case Step.COMMIT:
            return await commit(saga, work)
        case Step.CAPTURE:
            return await capture(saga, work.payments)
    return await undo(saga, work)


def _confirmation(saga: Saga) -> StatusTransition:
    is_capture = saga.step is Step.CAPTURE
    reason = "paid and in stock" if is_capture else "in stock, and its price is held"
    event = order_confirmed(saga.order, is_paid=is_capture or saga.order.total_minor == 0)
    return StatusTransition(Step.CONFIRMED, OrderStatus.CONFIRMED, reason, event, is_capture=is_capture, is_end=True)


def _end(saga: Saga, cancellation: Cancellation | None, carts: CartLifetime) -> StatusTransition:
    assert cancellation is not None, "every way to CANCELLED begins with an outcome that has a reason"
    event = order_cancelled(saga.order, cancellation)
    what = (Step.CANCELLED, OrderStatus.CANCELLED, cancellation.code, event, cancellation)
    return StatusTransition(*what, is_end=True, reopened_for=carts)
