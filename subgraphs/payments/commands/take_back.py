"""Books refunds that failed later at the buyer's bank: their money is with the provider again, and the buyer is owed it."""

import logging
from collections.abc import Mapping, Sequence

from shared.errors import Unavailable
from shared.persistence import db
from shared.runtime.faults import fault_point
from subgraphs.payments.commands.follow_provider import late_key, subject
from subgraphs.payments.domain.events import FailedRefund, RefundCause, refund_failed
from subgraphs.payments.domain.payment import PaymentStatus, is_over_without_money
from subgraphs.payments.domain.ports import ProviderRefund, RefundState
from subgraphs.payments.domain.progress import take_back
from subgraphs.payments.infrastructure.leases import Turn
from subgraphs.payments.infrastructure.ledger import AS_IT_IS, Change, record
from subgraphs.payments.infrastructure.metrics import REFUND_FAILURES
from subgraphs.payments.infrastructure.payments import StoredPayment, locked_payment
from subgraphs.payments.infrastructure.refund_failures import keep_failure, keys_of, news_of

logger = logging.getLogger(__name__)

PENDING_SECONDS = 900.0
"""How often the provider is asked about a payment while a refund of it is on its way."""


def arrived_minor(refunds: Sequence[ProviderRefund]) -> int:
    """How much was given back, or is on its way."""
    return sum(refund.amount_minor for refund in refunds if refund.state is not RefundState.FAILED)


async def take_back_failed(turn: Turn, refunds: Sequence[ProviderRefund], refunded_minor: int) -> None:
    """Books each refund that failed once, if it had been booked; ``refunded_minor`` is what the provider has given back.

    Call it before more is booked as given back: what came back and what was given since would make up for each other.

    Raises:
        Unavailable: when the payment was changed since the provider was asked; ask again.
    """
    failed = [refund for refund in refunds if refund.state is RefundState.FAILED]
    if not failed:
        return
    async with db.transaction():
        payment = await locked_payment(turn.payment.id)
        if payment.version != turn.payment.version:
            raise Unavailable("The payment was changed meanwhile; try again.")
        turn.payment = await _booked(payment, await news_of(payment.id, failed), refunded_minor)
    await fault_point("payments.REFUND_FAILED.recorded")


async def _booked(payment: StoredPayment, news: Sequence[ProviderRefund], refunded_minor: int) -> StoredPayment:
    """Those of ours come first: they were booked for certain, where others may have failed before anybody heard of them."""
    keys = await keys_of(payment.id, news)
    for refund in sorted(news, key=lambda refund: refund.reference not in keys):
        await keep_failure(payment.id, refund)
        booked_minor = payment.standing.refunded_minor - (0 if refund.reference in keys else refunded_minor)
        amount_minor = min(refund.amount_minor, booked_minor)
        if amount_minor > 0:
            payment = await _taken_back(payment, refund, amount_minor, keys)
    return payment


async def _taken_back(
    payment: StoredPayment, refund: ProviderRefund, amount_minor: int, keys: Mapping[str, str]
) -> StoredPayment:
    cause = _cause(payment, keys.get(refund.reference))
    progress = take_back(payment.standing, amount_minor, cause is RefundCause.LATE)
    key = keys.get(refund.reference) if cause is RefundCause.REQUESTED else None
    event = refund_failed(subject(payment), amount_minor, FailedRefund(refund.reference, refund.failure, cause, key))
    decline = payment.decline if progress.standing.status is PaymentStatus.DECLINED else None
    follow_in = 0 if cause is RefundCause.LATE else AS_IT_IS  # what came too late goes back once more
    change = Change(progress.standing, progress.movements, [event], decline=decline, follow_in=follow_in)
    recorded = await record(payment, change)
    assert recorded is not None, "a locked payment is changed by nobody else"
    REFUND_FAILURES.labels(payment.provider).inc()
    logger.warning("payment %s: refund %s failed: %s", payment.id, refund.reference, refund.failure)
    return recorded


def _cause(payment: StoredPayment, key: str | None) -> RefundCause:
    if is_over_without_money(payment.status) or (key is not None and key.startswith(late_key(payment.id))):
        return RefundCause.LATE
    return RefundCause.PROVIDER if key is None else RefundCause.REQUESTED
