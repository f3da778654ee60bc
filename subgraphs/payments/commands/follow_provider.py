"""Brings a payment to where the provider has it: status, ledger and events in one transaction."""

import logging
from uuid import UUID

from shared import db
from shared.outbox import publish
from subgraphs.payments.domain.events import payment_declined
from subgraphs.payments.domain.payment import PaymentStatus, contradicts, movement, path
from subgraphs.payments.domain.ports import Decline
from subgraphs.payments.infrastructure.ledger import record_movement
from subgraphs.payments.infrastructure.metrics import CONTRADICTIONS
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment, set_status

logger = logging.getLogger(__name__)


async def follow_provider(payment_id: UUID, observed: PaymentStatus, decline: Decline | None = None) -> StoredPayment:
    """Moves the payment forward to what was observed, step by step; what is behind it or out of reach changes nothing."""
    async with db.transaction():
        payment = await locked_payment(payment_id)
        if contradicts(payment.status, observed):
            logger.error("payment %s is %s, but %s at the provider: look at it", payment.id, payment.status, observed)
            CONTRADICTIONS.inc()
        for status in path(payment.status, observed):
            payment = await _move(payment, status, decline)
        return payment


async def _move(before: StoredPayment, status: PaymentStatus, decline: Decline | None) -> StoredPayment:
    payment = await set_status(before.id, status, decline if status is PaymentStatus.DECLINED else None)
    kind = movement(before.status, status)
    if kind is not None:
        await record_movement(payment, kind, payment.amount)
    if payment.decline is not None:
        now = await db.fetch_value("SELECT now()")
        await publish(payment_declined(payment.id, payment.order_id, payment.provider, payment.amount, now, payment.decline.code))
    return payment
