"""Takes in what a provider tells by itself."""

import logging

from shared.errors import Unavailable
from shared.persistence import db
from subgraphs.payments.commands.follow_dispute import follow_dispute
from subgraphs.payments.commands.follow_provider import Mismatch, follow_provider
from subgraphs.payments.domain.payment import PaymentStatus, is_doubtful
from subgraphs.payments.domain.ports import Dispute, DisputeOutcome, Intent, Notice
from subgraphs.payments.domain.progress import is_decided_otherwise
from subgraphs.payments.infrastructure.disputes import dispute_of
from subgraphs.payments.infrastructure.metrics import REUSED_NOTICES
from subgraphs.payments.infrastructure.notices import NoticeOutcome, is_repeated, set_outcome, store_notice
from subgraphs.payments.infrastructure.payments import StoredPayment, follow_in, locked_payment, payment_of_intent
from subgraphs.payments.infrastructure.refund_failures import has_failures
from subgraphs.payments.infrastructure.refunds import outstanding_minor

logger = logging.getLogger(__name__)


async def receive_notice(notice: Notice) -> bool:
    """Keeps the event and moves its payment forward, both or neither; False when the event was here before.

    One that has its id and says something else is not applied either: it is told to the log and to a metric. Refused, it would come
    again for days; and what is true of the payment is learned by asking the provider.
    """
    async with db.transaction():
        if not await store_notice(notice):
            await _warn_if_reused(notice)
            return False
        if notice.intent is not None:
            await set_outcome(notice, await _apply_intent(notice.provider, notice.intent))
        if notice.dispute is not None:
            await set_outcome(notice, await _apply_dispute(notice.provider, notice.dispute))
        if notice.failed_refund_of is not None:
            await set_outcome(notice, await _ask_about(notice.provider, notice.failed_refund_of))
        return True


async def _warn_if_reused(notice: Notice) -> None:
    if not await is_repeated(notice):
        REUSED_NOTICES.labels(notice.provider).inc()
        logger.warning(
            "%s: the event %s came again with another content, which is not applied", notice.provider, notice.event_id
        )


async def _apply_intent(provider: str, intent: Intent) -> NoticeOutcome:
    payment_id = await payment_of_intent(provider, intent.reference, intent.payment_id)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    before = await locked_payment(payment_id)
    if await _must_look(before, intent):
        await follow_in(payment_id, 0)
        return NoticeOutcome.ASKED
    try:
        after = await follow_provider(payment_id, intent)
    except Mismatch:
        return NoticeOutcome.MISMATCHED
    return NoticeOutcome.UNCHANGED if after.version == before.version else NoticeOutcome.APPLIED


async def _must_look(payment: StoredPayment, intent: Intent) -> bool:
    """Whether what is told can't be applied as it stands, so that the provider must be asked how things are by now.

    Money of a payment that is over may be old news. A refund may be one of ours that is under way, or one that has failed since. An
    approval is to be confirmed.
    """
    if intent.amount != payment.amount:
        return False
    if is_doubtful(payment.status, intent.status) or intent.awaits_confirmation:
        return True
    if intent.refunded_minor <= payment.standing.refunded_minor:
        return False
    return await outstanding_minor(payment.id) > 0 or await has_failures(payment.id)


async def _ask_about(provider: str, reference: str) -> NoticeOutcome:
    payment_id = await payment_of_intent(provider, reference, None)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    await follow_in(payment_id, 0)
    return NoticeOutcome.ASKED


async def _apply_dispute(provider: str, dispute: Dispute) -> NoticeOutcome:
    payment_id = await payment_of_intent(provider, dispute.intent_reference, None)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    payment = await locked_payment(payment_id)
    if not payment.standing.captured_minor and dispute.amount != payment.amount:
        await follow_in(payment_id, 0)  # of how much was taken the dispute tells nothing
        return NoticeOutcome.ASKED
    payment = await _captured(payment)
    if await _is_old_perhaps(payment, dispute):
        await follow_in(payment_id, 0)
        return NoticeOutcome.ASKED
    try:
        return NoticeOutcome.APPLIED if await follow_dispute(payment, dispute) else NoticeOutcome.UNCHANGED
    except Mismatch:
        return NoticeOutcome.MISMATCHED


async def _is_old_perhaps(payment: StoredPayment, told: Dispute) -> bool:
    """Whether another decision or time for evidence is told than is known: only the provider knows which is the later one."""
    known = await dispute_of(payment.id, told.reference)
    if known is not None and is_decided_otherwise(known.outcome, told.outcome):
        return True
    if known is None or known.outcome is not DisputeOutcome.OPENED or told.outcome is not DisputeOutcome.OPENED:
        return False
    return known.evidence_due_at != told.evidence_due_at


async def _captured(payment: StoredPayment) -> StoredPayment:
    """Only what was taken is disputed: the dispute tells of the capture too, if nothing else has yet.

    Raises:
        Unavailable: when the payment is over here: the provider tells of the dispute again once that is put right.
    """
    followed = await follow_provider(payment.id, Intent(payment.reference, PaymentStatus.CAPTURED, payment.amount))
    if not followed.standing.captured_minor:
        raise Unavailable("This dispute is about a payment that was not captured; send it again.")
    return followed
