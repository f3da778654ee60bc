"""Tries one step of an order's saga with the other subgraphs."""

from collections.abc import Awaitable
from dataclasses import dataclass

from shared.errors import BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound
from subgraphs.orders.domain.cancellation import (
    Cancellation,
    action_not_taken,
    out_of_stock,
    payment_declined,
    timed_out,
)
from subgraphs.orders.domain.fulfilment import Outcome, Saga, Step, is_cancelled_at, is_given_up
from subgraphs.orders.domain.ports import Captured, Declined, Inventory, Payments, RequiresAction
from subgraphs.orders.domain.waiting import Reserved
from subgraphs.orders.infrastructure.cancellations import pieces_to_return
from subgraphs.orders.infrastructure.refused_refunds import refunds_that_keep_out
from subgraphs.orders.infrastructure.waiting import save_waiting

# The other side understood and said no; the same question gets the same answer. Whatever else it raises may pass.
_REFUSALS = (BadUserInput, Conflict, FailedPrecondition, LimitExceeded, NotFound)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a step went; ``cancellation`` when it is the reason for undoing the order, ``error`` for a person who has to look.

    ``given_minor`` is what was given back, where only payments knows how much remained.
    """

    outcome: Outcome
    cancellation: Cancellation | None = None
    error: str | None = None
    given_minor: int = 0


DONE = Attempt(Outcome.DONE)


async def try_step(saga: Saga, inventory: Inventory, payments: Payments) -> Attempt:
    """Tries what an order's saga is at, unless its time is over or somebody asked to cancel it.

    Raises:
        ServiceError: when the outcome is unknown; the step has to be tried again.
    """
    if is_cancelled_at(saga):
        return Attempt(Outcome.CANCEL_REQUESTED, saga.cancellation)
    if is_given_up(saga):
        return Attempt(Outcome.TIMED_OUT, action_not_taken() if saga.step is Step.AWAIT_ACTION else timed_out())
    return await unless_refused(saga, _try(saga, inventory, payments))


async def unless_refused(saga: Saga, effect: Awaitable[Attempt]) -> Attempt:
    """The attempt, or that the other side refused it for good.

    Raises:
        ServiceError: when the outcome is unknown.
    """
    try:
        return await effect
    except _REFUSALS as refusal:
        return Attempt(Outcome.REFUSED, timed_out(), f"{saga.step} was refused: {refusal.message}")


async def _try(saga: Saga, inventory: Inventory, payments: Payments) -> Attempt:
    match saga.step:
        case Step.RESERVE:
            return await _reserve(saga, inventory)
        case Step.AUTHORIZE | Step.AWAIT_ACTION:
            return await _authorize(saga, payments)
        case Step.COMMIT:
            return await _commit(saga, inventory)
        case Step.CAPTURE:
            return await capture(saga, payments)
    return await _undo(saga, inventory, payments)


async def _undo(saga: Saga, inventory: Inventory, payments: Payments) -> Attempt:
    order_id, attempt = saga.order.id, saga.order.attempt
    match saga.step:
        case Step.VOID:
            await payments.void(order_id, attempt)
        case Step.REFUND:
            return Attempt(Outcome.DONE, given_minor=await give_remaining(saga, payments))
        case Step.RELEASE:
            await inventory.release(order_id, attempt)
        case Step.RESTOCK:
            await _restock(saga, inventory)
        case _:
            raise AssertionError(f"{saga.step} is an end and nothing to try")
    return DONE


async def give_remaining(saga: Saga, payments: Payments) -> int:
    """Gives all that remains back, or books that the shop has paid it; answers how much, in the currency's minor unit.

    Raises:
        ServiceError: when it was refused, or the outcome is unknown.
    """
    if saga.settlement is not None:
        return await payments.settle_remaining(saga.id, saga.order.id, saga.settlement, saga.order.attempt)
    return await payments.refund_remaining(saga.id, saga.order.id, saga.order.attempt)


async def _restock(saga: Saga, inventory: Inventory) -> None:
    pieces = await pieces_to_return(saga.order.id)
    for refund in await refunds_that_keep_out(saga.order.id):
        await inventory.return_pieces(refund.id, saga.order.id, refund.pieces, False, saga.order.attempt)
    if pieces:
        await inventory.return_cancelled(saga.order.id, pieces, saga.order.attempt)


async def _reserve(saga: Saga, inventory: Inventory) -> Attempt:
    answer = await inventory.reserve(saga.order)
    if not isinstance(answer, Reserved):
        return Attempt(Outcome.INSUFFICIENT_STOCK, out_of_stock(answer, saga.order.lines))
    await save_waiting(saga.order.id, answer.waiting)
    return DONE


async def _commit(saga: Saga, inventory: Inventory) -> Attempt:
    waiting = await inventory.commit(saga.order.id, saga.order.attempt)
    if waiting is None:
        return Attempt(Outcome.EXPIRED, timed_out())
    await save_waiting(saga.order.id, waiting)
    return DONE


async def _authorize(saga: Saga, payments: Payments) -> Attempt:
    if saga.order.total_minor == 0:  # a gift: no provider holds nothing
        return DONE
    match await payments.authorize(saga.order, saga.payment_method_id):
        case Declined(_, message):
            return Attempt(Outcome.DECLINED, payment_declined(message))
        case RequiresAction():
            return Attempt(Outcome.REQUIRES_ACTION)
    return DONE


async def capture(saga: Saga, payments: Payments) -> Attempt:
    """Takes the order's money.

    Raises:
        ServiceError: when it was refused, or the outcome is unknown.
    """
    if saga.order.total_minor == 0:
        return DONE
    answer = await payments.capture(saga.order.id, saga.order.attempt)
    if isinstance(answer, Captured):
        return DONE
    return Attempt(Outcome.DECLINED, payment_declined(answer.message), f"CAPTURE was declined: {answer.code}")
