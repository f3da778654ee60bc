"""Books refunds that failed later at the buyer's bank."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from shared.errors import Unavailable
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.follow_provider import record_locked
from subgraphs.payments.domain.failed_refund import booked_minor, taken_back
from subgraphs.payments.domain.lease import Lease
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import ProviderRefund, RefundState

logger = logging.getLogger(__name__)


async def take_back_failed(
    lease: Lease, refunds: Sequence[ProviderRefund], refunded_minor: int, work: PaymentsWork
) -> None:
    """Books each refund that failed once, if it had been booked;
    ``refunded_minor`` is what the provider has refunded.

    Call it before more is booked as refunded: what came back and what was given since would make up for each other.

    Raises:
        Unavailable: when the payment was changed since the provider was asked; ask again.
    """
    failed = [refund for refund in refunds if refund.state is RefundState.FAILED]
    if not failed:
        return

    async def book(step: PaymentsWork) -> Payment:
        payment = await step.payments.lock(lease.payment.id)
        if payment.version != lease.payment.version:
            raise Unavailable("The payment was changed meanwhile; try again.")
        return await _booked(payment, failed, refunded_minor, step)

    lease.payment = await work.transaction(book)
    await fault_point("payments.REFUND_FAILED.recorded")


async def _booked(
    payment: Payment, failed: Sequence[ProviderRefund], refunded_minor: int, work: PaymentsWork
) -> Payment:
    """Those of ours come first: they were booked for certain,
    where others may have failed before anybody knew of them.
    """
    news = await work.refunds.failures_among(payment.id, failed)
    keys = await work.refunds.keys_of(payment.id, news)
    for refund in sorted(news, key=lambda refund: refund.reference not in keys):
        await work.refunds.add_failure(payment.id, refund)
        key = keys.get(refund.reference)
        amount_minor = booked_minor(payment, refund, refunded_minor, is_ours=key is not None)
        if amount_minor > 0:
            change = taken_back(payment, refund, amount_minor, key, datetime.now(UTC))
            payment = await record_locked(payment, change, work)
            work.alarms.refund_failure(payment.provider)
            logger.warning("payment %s: refund %s failed: %s", payment.id, refund.reference, refund.failure)
    return payment
