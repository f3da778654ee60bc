"""How an order is undone: each step asks for what undoes one that sold, and what was refunded is recorded."""

from uuid import UUID

from subgraphs.orders.commands.locked import known_order
from subgraphs.orders.domain.fulfilment import Outcome, Saga, Step
from subgraphs.orders.domain.order import Actor, Cause, OrderStatus
from subgraphs.orders.domain.peers import Payments
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import Refund, RefundSource, RefundStatus, cancellation_id
from subgraphs.orders.sagas.attempts import DONE, Attempt
from subgraphs.orders.sagas.recording import park

_STUCK = Cause("undoing it waits for a person", Actor.SHOP)


async def undo(saga: Saga, work: OrdersWork) -> Attempt:
    """Tries the step that the saga is at.

    Raises:
        ServiceError: when it was rejected, or the outcome is unknown.
    """
    order_id, attempt = saga.order.id, saga.order.attempt
    match saga.step:
        case Step.VOID:
            await work.payments.void(order_id, attempt)
        case Step.REFUND:
            return Attempt(Outcome.DONE, given_minor=await refund_remaining(saga, work.payments))
        case Step.RELEASE:
            await work.inventory.release(order_id, attempt)
        case Step.RESTOCK:
            await _restock(saga, work)
        case _:
            raise AssertionError(f"{saga.step} is an end and nothing to try")
    return DONE


async def refund_remaining(saga: Saga, payments: Payments) -> int:
    """Refunds all that remains, or books that the shop has paid it; answers how much, in the currency's minor unit.

    Raises:
        ServiceError: when it was rejected, or the outcome is unknown.
    """
    if saga.settlement is not None:
        return await payments.settle_remaining(saga.id, saga.order.id, saga.settlement, saga.order.attempt)
    return await payments.refund_remaining(saga.id, saga.order.id, saga.order.attempt)


async def stop(saga: Saga, attempt: Attempt, work: OrdersWork) -> None:
    """Only what is being undone stops. While it requires intervention, its buyer is asked for nothing and sees what
    comes of it.
    """
    order = await known_order(saga.order.id, work)
    if await park(saga, attempt, work) and order.may_be_cancelled:
        await work.orders.set_status(order, OrderStatus.CANCELLING, _STUCK)
        await work.orders.show_cancellation(order.id)


async def record_given(saga: Saga, given_minor: int, work: OrdersWork) -> None:
    """Counts what was refunded of a locked order, unless it came back before; then nothing that came back earlier is
    owed beside it.
    """
    refund_id = cancellation_id(saga.order.id, saga.order.attempt)
    if await work.refunds.by_id(refund_id) is not None:
        return
    reason = saga.cancellation.message if saga.cancellation else "The order could not be completed."
    await work.refunds.add(given(saga, refund_id, given_minor, reason, is_restocking=True), RefundStatus.DONE)
    await work.orders.add_refunded(refund_id)
    if (await known_order(saga.order.id, work)).is_all_refunded:
        await work.refunds.end_open(saga.order.id)


def given(saga: Saga, refund_id: UUID, given_minor: int, reason: str, *, is_restocking: bool) -> Refund:
    """What a cancellation has refunded, as a refund."""
    return Refund(
        id=refund_id,
        order_id=saga.order.id,
        amount_minor=given_minor,
        reason=reason,
        is_restocking=is_restocking,
        units=(),
        source=RefundSource.CANCELLATION,
        paid_outside=saga.settlement.paid_outside if saga.settlement else None,
    )


async def _restock(saga: Saga, work: OrdersWork) -> None:
    units = await work.refunds.units_to_return(saga.order.id)
    for refund in await work.refunds.keeping_units_out(saga.order.id):
        await work.inventory.return_units(refund.id, saga.order.id, refund.units, False, saga.order.attempt)
    if units:
        await work.inventory.return_cancelled(saga.order.id, units, saga.order.attempt)
