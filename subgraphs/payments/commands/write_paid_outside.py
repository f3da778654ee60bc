"""Writes down what was paid of a payment outside of its provider."""

import logging
from datetime import UTC, datetime

from shared.money import Money
from subgraphs.payments.commands.follow_provider import record_locked
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.refund import Refund

logger = logging.getLogger(__name__)


async def write_paid_outside(payment: Payment, paid: PaidOutside, work: PaymentsWork) -> Refund:
    """Books what was paid of a locked payment, once it is known that it may be."""
    if paid.amount_minor:
        change = payment.pay_outside(paid.amount_minor, paid.key, datetime.now(UTC))
        payment = await record_locked(payment, change, work)
        _log(payment, paid)
    return await work.refunds.add_paid_outside(payment.id, paid, payment.standing.repaid_minor)


def _log(payment: Payment, paid: PaidOutside) -> None:
    amount = Money(paid.amount_minor, payment.currency)
    logger.info("payment %s: %s %s paid outside of %s", payment.id, amount.amount, amount.currency, payment.provider)
    in_all, captured = (
        Money(minor, payment.currency) for minor in (payment.standing.repaid_minor, payment.standing.captured_minor)
    )
    if in_all.minor > captured.minor:
        text = "payment %s: its buyer has %s %s back, which is more than the %s that were captured"
        logger.warning(text, payment.id, in_all.amount, in_all.currency, captured.amount)
