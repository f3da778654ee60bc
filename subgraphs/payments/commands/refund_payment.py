"""Gives an order's captured money back, wholly or in part."""

from uuid import UUID

from shared import db
from shared.errors import Conflict, FailedPrecondition
from shared.faults import fault_point
from shared.money import Money
from subgraphs.payments.commands.ask_provider import Providers, at_provider
from subgraphs.payments.commands.follow_provider import refund_change
from subgraphs.payments.domain.payment import require_refundable
from subgraphs.payments.domain.ports import PaymentProvider, StepRefused
from subgraphs.payments.infrastructure.leases import Turn, leased_payment
from subgraphs.payments.infrastructure.ledger import record
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refunds import (
    StoredRefund,
    complete_refund,
    insert_refund,
    outstanding_minor,
    outstanding_refunds,
    refund_of_key,
    withdraw_refund,
)


async def refund_payment(order_id: UUID, amount_minor: int, key: str, providers: Providers) -> UUID:
    """Answers the payment's id. Repeated, it looks for the refund at the provider before it asks for it again.

    Raises:
        NotFound: when the order has no payment.
        Conflict: when the key came with another amount before.
        FailedPrecondition: when less than ``amount_minor`` is left of what was captured, or the provider refuses.
        Unavailable: when the provider has no answer; repeat it.
    """
    async with leased_payment(order_id) as turn:
        await _refund(turn, amount_minor, key, providers)
        return turn.payment.id


async def _refund(turn: Turn, amount_minor: int, key: str, providers: Providers) -> None:
    refund = await _begun(turn.payment, amount_minor, key)
    if not refund.is_done:
        await carry_out(turn, refund, providers[turn.payment.provider])


async def carry_out(turn: Turn, refund: StoredRefund, provider: PaymentProvider) -> None:
    """Gives back what a refund says, once, and records it.

    Raises:
        FailedPrecondition: when the provider refuses; the refund is forgotten.
        Unavailable: when the provider has no answer; repeat it.
    """
    await _record(turn, refund, await _given(turn.payment, refund, provider))


async def settle_refunds(turn: Turn, provider: PaymentProvider) -> None:
    """Records what was given back by refunds that an earlier process left unfinished; what was not is left to who asked for it."""
    for refund in await outstanding_refunds(turn.payment.id):
        reference = await provider.find_refund(turn.payment.reference, refund.id)
        if reference is not None:
            await _record(turn, refund, reference)


async def _record(turn: Turn, refund: StoredRefund, reference: str) -> None:
    async with db.transaction():
        payment = await locked_payment(turn.payment.id)
        if await complete_refund(refund.id, reference):
            payment = await record(payment, refund_change(payment, refund.amount_minor)) or payment
    turn.payment = payment
    await fault_point("payments.REFUND.recorded")


async def _begun(payment: StoredPayment, amount_minor: int, key: str) -> StoredRefund:
    async with db.transaction():
        locked = await locked_payment(payment.id)
        begun = await refund_of_key(payment.id, key)
        if begun is None:
            require_refundable(locked.status, amount_minor, await _refundable_minor(locked))
            return await insert_refund(payment.id, key, amount_minor)
        if begun.amount_minor != amount_minor:
            raise Conflict("This idempotency_key came with another amount before; use a new key.", ("idempotency_key",))
        return begun


async def _refundable_minor(payment: StoredPayment) -> int:
    """What the buyer's bank has taken back is not given back a second time."""
    standing = payment.standing
    left = standing.captured_minor - standing.refunded_minor - await outstanding_minor(payment.id)
    return max(left - standing.disputed_minor, 0)


async def _given(payment: StoredPayment, refund: StoredRefund, provider: PaymentProvider) -> str:
    if refund.was_asked:
        reference = await provider.find_refund(payment.reference, refund.id)
        if reference is not None:
            return reference
    amount = Money(refund.amount_minor, payment.currency)
    try:
        return await at_provider("REFUND", lambda: provider.refund(payment.reference, refund.id, amount))
    except StepRefused as refusal:
        await withdraw_refund(refund.id)
        raise FailedPrecondition("The provider refuses this refund; the log has its reason.", ("order_id",)) from refusal
