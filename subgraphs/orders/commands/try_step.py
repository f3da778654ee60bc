"""Tries one step of an order's saga with the other subgraphs."""

from dataclasses import dataclass

from shared.errors import BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound
from subgraphs.orders.domain.cancellation import (
    Cancellation,
    authentication_required,
    out_of_stock,
    payment_declined,
    timed_out,
)
from subgraphs.orders.domain.fulfilment import Fulfilment, Outcome, Step, is_given_up
from subgraphs.orders.domain.ports import Captured, Declined, Inventory, Payments, RequiresAction

# The other side understood and said no; the same question gets the same answer. Whatever else it raises may pass.
_REFUSALS = (BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a step went; ``cancellation`` when it is the reason for undoing the order, ``error`` for a person who has to look."""

    outcome: Outcome
    cancellation: Cancellation | None = None
    error: str | None = None


async def try_step(saga: Fulfilment, inventory: Inventory, payments: Payments) -> Attempt:
    """Tries what the saga is at, unless its time is over.

    Raises:
        ServiceError: when the outcome is unknown; the step has to be tried again.
    """
    if is_given_up(saga.step, saga.is_overdue):
        return Attempt(Outcome.TIMED_OUT, timed_out())
    try:
        return await _try(saga, inventory, payments)
    except _REFUSALS as refusal:
        return Attempt(Outcome.REFUSED, timed_out(), f"{saga.step} was refused: {refusal.message}")


async def _try(saga: Fulfilment, inventory: Inventory, payments: Payments) -> Attempt:
    match saga.step:
        case Step.RESERVE:
            return await _reserve(saga, inventory)
        case Step.AUTHORIZE:
            return await _authorize(saga, payments)
        case Step.COMMIT:
            is_sold = await inventory.commit(saga.order.id)
            return Attempt(Outcome.DONE) if is_sold else Attempt(Outcome.EXPIRED, timed_out())
        case Step.CAPTURE:
            return await _capture(saga, payments)
        case Step.VOID:
            await payments.void(saga.order.id)
            return Attempt(Outcome.DONE)
        case Step.RELEASE:
            await inventory.release(saga.order.id)
            return Attempt(Outcome.DONE)
    raise AssertionError(f"{saga.step} is an end and nothing to try")


async def _reserve(saga: Fulfilment, inventory: Inventory) -> Attempt:
    shortages = await inventory.reserve(saga.order)
    if shortages:
        return Attempt(Outcome.INSUFFICIENT_STOCK, out_of_stock(shortages, saga.order.lines))
    return Attempt(Outcome.DONE)


async def _authorize(saga: Fulfilment, payments: Payments) -> Attempt:
    if saga.order.total_minor == 0:  # a gift: no provider holds nothing
        return Attempt(Outcome.DONE)
    match await payments.authorize(saga.order, saga.payment_method_id):
        case Declined(_, message):
            return Attempt(Outcome.DECLINED, payment_declined(message))
        case RequiresAction():
            return Attempt(Outcome.REQUIRES_ACTION, authentication_required())
    return Attempt(Outcome.DONE)


async def _capture(saga: Fulfilment, payments: Payments) -> Attempt:
    if saga.order.total_minor == 0:
        return Attempt(Outcome.DONE)
    answer = await payments.capture(saga.order.id)
    if isinstance(answer, Captured):
        return Attempt(Outcome.DONE)
    return Attempt(Outcome.DECLINED, error=f"CAPTURE was declined after the stock was sold: {answer.code}")
