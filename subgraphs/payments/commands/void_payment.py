"""Lets go what is held for an order, and bars it from being held again."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Unavailable
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.ask_provider import cancelled_intent, current_intent, provider_of
from subgraphs.payments.commands.follow_provider import advance, decline, finish
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import DeclinedError
from subgraphs.payments.domain.rejections import VoidRejected
from subgraphs.payments.domain.status import PaymentStatus, is_open
from subgraphs.payments.domain.steps import must_void


@dataclass(frozen=True, slots=True)
class VoidPayment:
    """An attempt at an order."""

    order_id: UUID
    order_attempt: int = 1


async def void_payment(command: VoidPayment, work: PaymentsWork) -> None:
    """Voids its payment. An attempt without gets a voided one, so that a late authorization is rejected.

    Raises:
        AlreadyCaptured, ProviderMissing, VoidRejected, AmountMismatch
        Unavailable: when the provider has no answer; repeat it.
    """
    if await work.payments.bar(command.order_id, command.order_attempt):
        return
    async with work.leases.of_attempt(command.order_id, command.order_attempt) as lease:
        if not must_void(lease.payment.status):
            return
        try:
            await _let_go(lease, work)
        except DeclinedError as no:
            await decline(lease, no.decline, work)


async def _let_go(lease: Lease, work: PaymentsWork) -> None:
    """What an interrupted authorization left behind comes into the books before it goes out again.

    When nobody knows whether it had begun at all, it is begun: the same request with the same idempotency
    key is answered as it was then, and only what has a reference can be let go. Doing nothing instead could
    leave an amount held that no one ever asks about.
    """
    provider = provider_of(lease.payment, work.providers)
    if is_open(lease.payment.status):
        await advance(lease, await current_intent(lease.payment, work), work)
    if must_void(lease.payment.status):
        voided = await finish(lease, await cancelled_intent(lease.payment, provider), work)
        await fault_point("payments.CANCEL.recorded")
        if voided.status is PaymentStatus.PENDING:
            raise Unavailable("The provider has not let the amount go yet; try again.")
        if must_void(voided.status):
            raise VoidRejected
