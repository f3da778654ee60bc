"""The saga of a refund: the money goes back, then the pieces, if they do."""

from shared.persistence import db
from subgraphs.orders.commands.book_refund import book
from subgraphs.orders.commands.run_saga import Following, fenced, leave_to_a_person
from subgraphs.orders.commands.try_step import DONE, Attempt, give_remaining, unless_refused
from subgraphs.orders.domain.fulfilment import REFUND_TRANSITIONS, Outcome, Saga, Step
from subgraphs.orders.domain.ports import Inventory, Payments
from subgraphs.orders.domain.refund import Refund, RefundSource, RefundStatus
from subgraphs.orders.infrastructure.failed_refunds import failure_of
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.refunds import insert_refund, note_restocked, refund_by_id, set_refund_status
from subgraphs.orders.infrastructure.sagas import advance, finish, leave_owed
from subgraphs.orders.infrastructure.waiting import save_waiting


class RefundSteps:
    """Gives money back, and puts pieces back into stock."""

    transitions = REFUND_TRANSITIONS

    def __init__(self, inventory: Inventory, payments: Payments, lease_seconds: float) -> None:
        self._inventory = inventory
        self._payments = payments
        self._lease_seconds = lease_seconds

    async def attempt(self, saga: Saga) -> Attempt:
        """Tries what the saga is at.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        return await unless_refused(saga, self._try(saga, await refund_by_id(saga.id)))

    async def _try(self, saga: Saga, refund: Refund | None) -> Attempt:
        if refund is None:
            return Attempt(Outcome.DONE, given_minor=await give_remaining(saga, self._payments))
        if saga.step is Step.REFUND:
            await self._give(saga, refund)
        elif refund.pieces and not refund.has_settled_pieces:
            waiting = await self._inventory.return_pieces(
                refund.id, refund.order_id, refund.pieces, refund.is_restocking, saga.order.attempt
            )
            await save_waiting(refund.order_id, waiting)
        return DONE

    async def _give(self, saga: Saga, refund: Refund) -> None:
        about, which = (refund.id, refund.order_id, refund.amount_minor), (saga.order.attempt, refund.times_back)
        if saga.settlement is not None:
            await self._payments.settle(refund.id, refund.order_id, saga.settlement, *which)
        elif refund.amount_minor:
            await self._payments.refund(*about, *which)

    async def record(self, saga: Saga, attempt: Attempt, step: Step) -> Following:
        """Records what became of the refund, with what that means for its order."""
        async with db.transaction():
            await lock_order(saga.order.id)
            match step:
                case Step.RESTOCK:
                    return await self._given(saga, attempt)
                case Step.STUCK:
                    await _stuck(saga, attempt)
                case _:
                    await _restocked(saga)
            return None

    async def _given(self, saga: Saga, attempt: Attempt) -> Following:
        refund = await refund_by_id(saga.id)
        if refund is None:
            await _remaining_given(saga, attempt.given_minor)
            return None
        following = await advance(saga, Step.RESTOCK, None, self._lease_seconds)
        if following is None:
            fenced(saga)
            return None
        await set_refund_status(refund.id, RefundStatus.DONE)
        await book(saga.order, refund.id)
        return following


async def _remaining_given(saga: Saga, given_minor: int) -> None:
    if not await finish(saga, Step.DONE):
        fenced(saga)
    elif given_minor:
        reason = "The bank decided for the shop after the order was cancelled; what was paid is given back."
        refund = Refund(
            *(saga.id, saga.order.id, given_minor, reason, False, ()),
            source=RefundSource.CANCELLATION,
            paid_outside=saga.settlement.paid_outside if saga.settlement else None,
        )
        await insert_refund(refund, RefundStatus.DONE, None)
        await book(saga.order, refund.id)


async def _restocked(saga: Saga) -> None:
    if not await finish(saga, Step.DONE):
        fenced(saga)
    elif await note_restocked(saga.id):
        await leave_owed(saga.id, saga.order.id, await failure_of(saga.id))


async def _stuck(saga: Saga, attempt: Attempt) -> None:
    if await leave_to_a_person(saga, attempt) and saga.step is Step.REFUND:
        await set_refund_status(saga.id, RefundStatus.FAILED, attempt.error)
