"""The saga of a refund: the money goes back, then the units, if they do."""

from subgraphs.orders.commands.booking import book
from subgraphs.orders.domain.fulfilment import REFUND_TRANSITIONS, Outcome, Saga, Step
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.sagas.attempts import DONE, Attempt, unless_rejected
from subgraphs.orders.sagas.compensation import given, refund_remaining
from subgraphs.orders.sagas.following import Ended, Following, GoesOn
from subgraphs.orders.sagas.recording import advance, finish, park

_WON = "The bank decided for the shop after the order was cancelled; what was paid is given back."


class RefundSteps:
    """Refunds money, and puts units back into stock."""

    transitions = REFUND_TRANSITIONS

    def __init__(self, lease_seconds: float) -> None:
        self._lease_seconds = lease_seconds

    async def attempt(self, saga: Saga, work: OrdersWork) -> Attempt:
        """Tries what the saga is at.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        return await unless_rejected(saga, _try(saga, await work.refunds.by_id(saga.id), work))

    async def record(self, saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
        """Records what became of the refund, with what that means for its order."""
        return await work.transaction(lambda its: self._record(saga, attempt, step, its))

    async def _record(self, saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
        await work.orders.lock(saga.order.id)
        match step:
            case Step.RESTOCK:
                return await self._refunded(saga, attempt, work)
            case Step.STUCK:
                await _stuck(saga, attempt, work)
            case _:
                await _settled(saga, work)
        return Ended()

    async def _refunded(self, saga: Saga, attempt: Attempt, work: OrdersWork) -> Following:
        refund = await work.refunds.by_id(saga.id)
        if refund is None:
            await _remaining_refunded(saga, attempt.given_minor, work)
            return Ended()
        following = await advance(saga, Step.RESTOCK, None, self._lease_seconds, work)
        if isinstance(following, GoesOn):
            await work.refunds.set_status(refund.id, RefundStatus.DONE)
            await book(saga.order, refund.id, work)
        return following


async def _try(saga: Saga, refund: Refund | None, work: OrdersWork) -> Attempt:
    if refund is None:
        return Attempt(Outcome.DONE, given_minor=await refund_remaining(saga, work.payments))
    if saga.step is Step.REFUND:
        await _refund(saga, refund, work)
    elif refund.units and not refund.has_settled_units:
        waiting = await work.inventory.return_units(
            refund.id, refund.order_id, refund.units, refund.is_restocking, saga.order.attempt
        )
        await work.orders.save_waiting(refund.order_id, waiting)
    return DONE


async def _refund(saga: Saga, refund: Refund, work: OrdersWork) -> None:
    which = (saga.order.attempt, refund.times_back)
    if saga.settlement is not None:
        await work.payments.settle(refund.id, refund.order_id, saga.settlement, *which)
    elif refund.amount_minor:
        await work.payments.refund(refund.id, refund.order_id, refund.amount_minor, *which)


async def _remaining_refunded(saga: Saga, given_minor: int, work: OrdersWork) -> None:
    if await finish(saga, Step.DONE, work) and given_minor:
        await work.refunds.add(given(saga, saga.id, given_minor, _WON, is_restocking=False), RefundStatus.DONE)
        await book(saga.order, saga.id, work)


async def _settled(saga: Saga, work: OrdersWork) -> None:
    """Its units are dealt with. Where its money came back meanwhile, the buyer is owed it."""
    if await finish(saga, Step.DONE, work) and await work.refunds.settle_units(saga.id):
        await work.sagas.leave_owed(saga.id, saga.order.id, await work.refunds.failure(saga.id))


async def _stuck(saga: Saga, attempt: Attempt, work: OrdersWork) -> None:
    if await park(saga, attempt, work) and saga.step is Step.REFUND:
        await work.refunds.set_status(saga.id, RefundStatus.FAILED, attempt.error)
