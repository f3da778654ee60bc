"""Brings a payment to where the provider has it: status, ledger and events at once."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from shared.errors import Unavailable
from subgraphs.payments.commands.mismatches import mismatches_told
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Change, Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Decline, Intent
from subgraphs.payments.domain.status import PaymentStatus

logger = logging.getLogger(__name__)


async def follow_provider(payment_id: UUID, intent: Intent, work: PaymentsWork) -> Payment:
    """Moves a payment forward to what the provider told; what is behind or out of reach changes nothing.

    Raises:
        AmountMismatch
    """

    async def follow(step: PaymentsWork) -> Payment:
        payment = await step.payments.lock(payment_id)
        change = _followed(payment, intent, step)
        return payment if change.standing == payment.standing else await record_locked(payment, change, step)

    return await work.transaction(follow)


async def record_locked(payment: Payment, change: Change, work: PaymentsWork) -> Payment:
    """Writes a change of a locked payment."""
    recorded = await work.payments.record(payment, change)
    assert recorded is not None, "a locked payment is changed by nobody else"
    return recorded


async def advance(lease: Lease, intent: Intent, work: PaymentsWork) -> None:
    """Moves a leased payment forward, and the lease goes on. Raises AmountMismatch."""
    await _apply(lease, intent, work, None)


async def finish(lease: Lease, intent: Intent, work: PaymentsWork) -> Payment:
    """The same, and the lease is over: one statement in all. Raises AmountMismatch."""
    return await _apply(lease, intent, work, lease.id)


async def decline(lease: Lease, reason: Decline, work: PaymentsWork) -> None:
    """The provider will have nothing to do with an open payment; the lease is over."""
    payment = lease.payment
    declined = Intent(payment.provider_reference or "", PaymentStatus.DECLINED, payment.amount, decline=reason)
    await _apply(lease, declined, work, lease.id)


async def acknowledge_late(lease: Lease, intent: Intent, work: PaymentsWork) -> None:
    """Books the money that the provider has at this moment of a payment that is over here; the lease goes on.

    Raises:
        AmountMismatch
        Unavailable: when the payment was changed since the provider was asked; ask again.
    """
    payment = lease.payment
    with mismatches_told(payment, work):
        change = payment.acknowledge(intent, datetime.now(UTC))
    if change.standing == payment.standing:
        return
    if change.standing.has_money:
        text = "payment %s is %s, but %s at the provider: put right"
        logger.warning(text, payment.id, payment.status, intent.status)
        work.alarms.late_success()
    recorded = await work.payments.record(payment, change)
    if recorded is None:
        raise Unavailable("The payment was changed meanwhile; try again.")
    lease.payment = recorded


async def _apply(lease: Lease, intent: Intent, work: PaymentsWork, ending: UUID | None) -> Payment:
    payment = lease.payment
    recorded = await work.payments.record(payment, _followed(payment, intent, work), ending)
    if recorded is None:  # a webhook came first: it may have told the same
        recorded = await follow_provider(payment.id, intent, work)
    elif ending is not None:
        lease.id = None
    lease.payment = recorded
    return recorded


def _followed(payment: Payment, intent: Intent, work: PaymentsWork) -> Change:
    with mismatches_told(payment, work):
        return payment.follow(intent, datetime.now(UTC))
