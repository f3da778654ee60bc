"""Refunds that failed later at the buyer's bank: their money is with the provider again, and the buyer is owed it."""

from collections.abc import Sequence
from datetime import datetime

from subgraphs.payments.domain.events import FailedRefund, RefundCause, refund_failed
from subgraphs.payments.domain.following import AS_IT_IS
from subgraphs.payments.domain.payment import Change, Payment
from subgraphs.payments.domain.progress import take_back
from subgraphs.payments.domain.provider import Intent, ProviderRefund, RefundState
from subgraphs.payments.domain.status import is_over_without_money


def arrived_minor(intent: Intent, refunds: Sequence[ProviderRefund]) -> int:
    """How much the provider has refunded of an intent, or is about to: what failed is not in it."""
    arrived = sum(refund.amount_minor for refund in refunds if refund.state is not RefundState.FAILED)
    return min(intent.refunded_minor, arrived)


def is_any_on_its_way(refunds: Sequence[ProviderRefund]) -> bool:
    """Whether one of them has yet to arrive."""
    return any(refund.state is RefundState.PENDING for refund in refunds)


def booked_minor(payment: Payment, refund: ProviderRefund, refunded_minor: int, *, is_ours: bool) -> int:
    """How much of a failed refund was booked as refunded.
    One of ours was for certain, another one may have failed first.

    ``refunded_minor`` is what the provider has refunded.
    """
    return min(refund.amount_minor, payment.standing.refunded_minor - (0 if is_ours else refunded_minor))


def taken_back(payment: Payment, refund: ProviderRefund, amount_minor: int, key: str | None, now: datetime) -> Change:
    """So much of a failed refund came back; ``key`` is that of one of ours.
    What came too late is given once more at once.
    """
    cause = _cause(payment, key)
    progress = take_back(payment.standing, amount_minor, cause is RefundCause.LATE)
    told_key = key if cause is RefundCause.REQUESTED else None
    failed = FailedRefund(refund.reference, refund.failure, cause, told_key)
    event = refund_failed(payment.subject(now), amount_minor, failed)
    return payment.moved(progress, [event], 0 if cause is RefundCause.LATE else AS_IT_IS)


def _cause(payment: Payment, key: str | None) -> RefundCause:
    if is_over_without_money(payment.status) or payment.is_late(key):
        return RefundCause.LATE
    return RefundCause.PROVIDER if key is None else RefundCause.REQUESTED
