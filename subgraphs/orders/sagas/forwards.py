"""The steps by which an order is sold."""

from subgraphs.orders.domain.cancellation import out_of_stock, payment_declined, timed_out
from subgraphs.orders.domain.fulfilment import Outcome, Saga
from subgraphs.orders.domain.peers import Captured, Declined, Payments, RequiresAction
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.waiting import Reserved
from subgraphs.orders.sagas.attempts import DONE, Attempt


async def reserve(saga: Saga, work: OrdersWork) -> Attempt:
    """Holds the order's units.

    Raises:
        ServiceError: when it was rejected, or the outcome is unknown; so do the others.
    """
    answer = await work.inventory.reserve(saga.order)
    if not isinstance(answer, Reserved):
        return Attempt(Outcome.INSUFFICIENT_STOCK, out_of_stock(answer, saga.order.lines))
    await work.orders.save_waiting(saga.order.id, answer.waiting)
    return DONE


async def authorize(saga: Saga, payments: Payments) -> Attempt:
    """Holds the order's money; asked again in the same words, while the bank wants to hear from the buyer."""
    if saga.order.total_minor == 0:  # a gift: no provider holds nothing
        return DONE
    match await payments.authorize(saga.order, saga.payment_method_id):
        case Declined(_, message):
            return Attempt(Outcome.DECLINED, payment_declined(message))
        case RequiresAction():
            return Attempt(Outcome.REQUIRES_ACTION)
    return DONE


async def commit(saga: Saga, work: OrdersWork) -> Attempt:
    """Sells the order's units."""
    waiting = await work.inventory.commit(saga.order.id, saga.order.attempt)
    if waiting is None:
        return Attempt(Outcome.EXPIRED, timed_out())
    await work.orders.save_waiting(saga.order.id, waiting)
    return DONE


async def capture(saga: Saga, payments: Payments) -> Attempt:
    """Takes the order's money."""
    if saga.order.total_minor == 0:
        return DONE
    answer = await payments.capture(saga.order.id, saga.order.attempt)
    if isinstance(answer, Captured):
        return DONE
    return Attempt(Outcome.DECLINED, payment_declined(answer.message), f"CAPTURE was declined: {answer.code}")
