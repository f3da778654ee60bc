"""Lets go what is held for an order, and bars it from being held again."""

from uuid import UUID

from shared.errors import Unavailable
from subgraphs.payments.commands.follow_provider import follow_provider
from subgraphs.payments.domain.payment import PaymentStatus, is_open, must_void
from subgraphs.payments.domain.ports import PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.payments import StoredPayment, insert_tombstone


async def void_payment(order_id: UUID, provider: PaymentProvider) -> None:
    """Voids the order's payment. An order without one gets a voided one, so that a late authorization is refused.

    Raises:
        FailedPrecondition: when the money was taken.
        Unavailable: when the provider has no answer; repeat it.
    """
    if await insert_tombstone(order_id):
        return
    async with leased_payment(order_id) as payment:
        if must_void(payment.status):
            await _let_go(payment, provider)


async def _let_go(payment: StoredPayment, provider: PaymentProvider) -> None:
    if payment.provider_reference is None:
        # Whatever a crash left at the provider was never confirmed, and without its reference nobody ever will.
        await follow_provider(payment.id, PaymentStatus.VOIDED)
        return
    if is_open(payment.status):
        # The hold that an interrupted authorization left behind comes into the ledger before it goes out again.
        intent = await provider.retrieve(payment.provider_reference)
        await follow_provider(payment.id, intent.status, intent.decline)
    status = await _cancelled(payment, provider)
    if must_void((await follow_provider(payment.id, status)).status):
        raise Unavailable("The provider has not let the amount go yet; try again.")


async def _cancelled(payment: StoredPayment, provider: PaymentProvider) -> PaymentStatus:
    try:
        await provider.cancel(payment.reference, payment.id)
    except StepRefused:
        return (await provider.retrieve(payment.reference)).status
    return PaymentStatus.VOIDED
