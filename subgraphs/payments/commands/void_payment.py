"""Lets go what is held for an order, and bars it from being held again."""

from uuid import UUID

from shared.errors import FailedPrecondition, Unavailable
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import Providers, cancelled_intent, current_intent, provider_of
from subgraphs.payments.commands.follow_provider import advance, decline, finish
from subgraphs.payments.domain.payment import PaymentStatus, is_open, must_void
from subgraphs.payments.domain.ports import Declined, PaymentProvider
from subgraphs.payments.infrastructure.leases import Turn, leased_payment
from subgraphs.payments.infrastructure.payments import insert_tombstone


async def void_payment(order_id: UUID, providers: Providers, order_attempt: int = 1) -> None:
    """Voids the payment of an attempt at an order. One without gets a voided one, so that a late authorization is refused.

    Raises:
        FailedPrecondition: when the money was taken, the payment's provider is not configured, or refuses to let go what is held.
        Unavailable: when the provider has no answer; repeat it.
    """
    if await insert_tombstone(order_id, order_attempt):
        return
    async with leased_payment(order_id, order_attempt) as turn:
        if not must_void(turn.payment.status):
            return
        try:
            await _let_go(turn, provider_of(turn.payment, providers))
        except Declined as refusal:
            await decline(turn, refusal.decline)


async def _let_go(turn: Turn, provider: PaymentProvider) -> None:
    """What an interrupted authorization left behind comes into the books before it goes out again.

    When nobody knows whether it had begun at all, it is begun: the same request with the same idempotency key is answered as it was
    then, and only what has a reference can be let go. Doing nothing instead could leave an amount held that no one ever asks about.
    """
    if is_open(turn.payment.status):
        await advance(turn, await current_intent(turn.payment, provider))
    if must_void(turn.payment.status):
        voided = await finish(turn, await cancelled_intent(turn.payment, provider))
        await fault_point("payments.CANCEL.recorded")
        if voided.status is PaymentStatus.PENDING:
            raise Unavailable("The provider has not let the amount go yet; try again.")
        if must_void(voided.status):
            raise FailedPrecondition("The provider refuses to let the amount go, which is still held.", ("order_id",))
