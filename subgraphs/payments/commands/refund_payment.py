"""Gives an order's captured money back, wholly or in part."""

from uuid import UUID

from shared import db
from shared.errors import Conflict, FailedPrecondition
from shared.money import Money
from subgraphs.payments.domain.ledger import MovementKind
from subgraphs.payments.domain.payment import require_refundable
from subgraphs.payments.domain.ports import PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import leased_payment
from subgraphs.payments.infrastructure.ledger import record_movement
from subgraphs.payments.infrastructure.payments import StoredPayment, add_refunded, locked_payment
from subgraphs.payments.infrastructure.refunds import (
    StoredRefund,
    complete_refund,
    insert_refund,
    refund_of_key,
    requested_minor,
    withdraw_refund,
)


async def refund_payment(order_id: UUID, amount_minor: int, key: str, provider: PaymentProvider) -> UUID:
    """Answers the payment's id. Repeated, it looks for the refund at the provider before it asks for it again.

    Raises:
        NotFound: when the order has no payment.
        Conflict: when the key came with another amount before.
        FailedPrecondition: when less than ``amount_minor`` is left of what was captured, or the provider refuses.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id) as payment:
        refund = await _begin(payment, amount_minor, key)
        if not refund.is_done:
            await _record(payment, refund, await _given(payment, refund, provider))
        return payment.id


async def _begin(payment: StoredPayment, amount_minor: int, key: str) -> StoredRefund:
    async with db.transaction():
        locked = await locked_payment(payment.id)
        begun = await refund_of_key(payment.id, key)
        if begun is None:
            refundable_minor = locked.captured_minor - await requested_minor(payment.id)
            require_refundable(locked.status, amount_minor, refundable_minor)
            return await insert_refund(payment.id, key, amount_minor)
        if begun.amount_minor != amount_minor:
            raise Conflict("This idempotency_key came with another amount before; use a new key.", ("idempotency_key",))
        return begun


async def _given(payment: StoredPayment, refund: StoredRefund, provider: PaymentProvider) -> str:
    if refund.was_asked:
        reference = await provider.find_refund(payment.reference, refund.id)
        if reference is not None:
            return reference
    try:
        return await provider.refund(payment.reference, refund.id, Money(refund.amount_minor, payment.amount.currency))
    except StepRefused as refusal:
        await withdraw_refund(refund.id)
        raise FailedPrecondition("The provider refuses this refund; the log has its reason.", ("order_id",)) from refusal


async def _record(payment: StoredPayment, refund: StoredRefund, provider_reference: str) -> None:
    async with db.transaction():
        await locked_payment(payment.id)
        if await complete_refund(refund.id, provider_reference):
            refunded = await add_refunded(payment.id, refund.amount_minor)
            await record_movement(refunded, MovementKind.REFUND, Money(refund.amount_minor, payment.amount.currency))
