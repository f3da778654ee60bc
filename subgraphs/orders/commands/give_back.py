"""The saga of a refund: the money goes back, then the pieces, if they do."""

from shared import db
from shared.outbox import publish
from subgraphs.orders.commands.run_saga import Following, fenced, leave_to_a_person
from subgraphs.orders.commands.try_step import DONE, Attempt, unless_refused
from subgraphs.orders.domain.events import order_refunded
from subgraphs.orders.domain.fulfilment import REFUND_TRANSITIONS, Saga, Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.ports import Inventory, Payments
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.infrastructure.moves import lock_order, set_status
from subgraphs.orders.infrastructure.refunds import count_as_given, note_restocked, refund_by_id, set_refund_status
from subgraphs.orders.infrastructure.sagas import advance, finish


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

    async def _try(self, saga: Saga, refund: Refund) -> Attempt:
        if saga.step is Step.REFUND:
            await self._payments.refund(refund.id, refund.order_id, refund.amount_minor)
        elif refund.is_restocking and refund.pieces:
            await self._inventory.return_pieces(refund.id, refund.order_id, refund.pieces)
        return DONE

    async def record(self, saga: Saga, attempt: Attempt, step: Step) -> Following:
        """Records what became of the refund, with what that means for its order."""
        async with db.transaction():
            await lock_order(saga.order.id)
            match step:
                case Step.RESTOCK:
                    return await self._given(saga)
                case Step.STUCK:
                    await _stuck(saga, attempt)
                case _:
                    await _restocked(saga)
            return None

    async def _given(self, saga: Saga) -> Following:
        following = await advance(saga, Step.RESTOCK, None, self._lease_seconds)
        if following is None:
            fenced(saga)
            return None
        refund = await refund_by_id(saga.id)
        await set_refund_status(refund.id, RefundStatus.DONE)
        given_at = await count_as_given(refund.order_id, refund.amount_minor)
        await _close_when_all_is_given(refund)
        await publish(order_refunded(saga.order, refund, given_at))
        return following


async def _close_when_all_is_given(refund: Refund) -> None:
    order = await lock_order(refund.order_id)
    assert order is not None
    if order.refunded_minor == order.total_minor:
        await set_status(order, OrderStatus.REFUNDED, "all of its money was given back", Actor.SHOP, None)


async def _restocked(saga: Saga) -> None:
    if await finish(saga, Step.DONE):
        await note_restocked(saga.id)
    else:
        fenced(saga)


async def _stuck(saga: Saga, attempt: Attempt) -> None:
    if await leave_to_a_person(saga, attempt) and saga.step is Step.REFUND:
        await set_refund_status(saga.id, RefundStatus.FAILED)
