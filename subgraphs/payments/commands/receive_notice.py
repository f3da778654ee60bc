"""Takes in what a provider tells by itself."""

import logging
from dataclasses import dataclass

from shared.errors import Unavailable
from subgraphs.payments.commands.follow_dispute import follow_dispute
from subgraphs.payments.commands.follow_provider import follow_provider
from subgraphs.payments.domain.dispute import is_old_perhaps
from subgraphs.payments.domain.notice import Notice, NoticeOutcome, is_to_be_asked_about
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Dispute, Intent
from subgraphs.payments.domain.rejections import Mismatch
from subgraphs.payments.domain.status import PaymentStatus

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceiveNotice:
    """An event, as the provider signed it."""

    notice: Notice


async def receive_notice(command: ReceiveNotice, work: PaymentsWork) -> bool:
    """Keeps the event and moves its payment forward, both or neither; False when the event was here before.

    One that has its id and says something else is not applied either: it is told to the log and to a metric. Rejected,
    it would come again for days; and what is true of the payment is learned by asking the provider.

    Raises:
        Unavailable: when the provider is to tell it again later.
    """
    notice = command.notice
    if not await work.notices.add(notice):
        await _warn_if_reused(notice, work)
        return False
    if notice.intent is not None:
        await work.notices.set_outcome(notice, await _apply_intent(notice.provider, notice.intent, work))
    if notice.dispute is not None:
        await work.notices.set_outcome(notice, await _apply_dispute(notice.provider, notice.dispute, work))
    if notice.failed_refund_of is not None:
        await work.notices.set_outcome(notice, await _ask_about(notice.provider, notice.failed_refund_of, work))
    return True


async def _warn_if_reused(notice: Notice, work: PaymentsWork) -> None:
    if not await work.notices.is_repeated(notice):
        work.alarms.reused_notice(notice.provider)
        text = "%s: the event %s came again with another content, which is not applied"
        logger.warning(text, notice.provider, notice.event_id)


async def _apply_intent(provider: str, intent: Intent, work: PaymentsWork) -> NoticeOutcome:
    payment_id = await work.payments.id_of_intent(provider, intent.reference, intent.payment_id)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    before = await work.payments.lock(payment_id)
    if await _must_look(before, intent, work):
        await work.payments.follow_in(payment_id, 0)
        return NoticeOutcome.ASKED
    try:
        after = await follow_provider(payment_id, intent, work)
    except Mismatch:
        return NoticeOutcome.MISMATCHED
    return NoticeOutcome.UNCHANGED if after.version == before.version else NoticeOutcome.APPLIED


async def _must_look(payment: Payment, intent: Intent, work: PaymentsWork) -> bool:
    """Whether what is told can't be applied as it stands, so that the provider must be asked how things are by now.

    A refund may be one of ours that is under way, or one that has failed since.
    """
    if intent.amount != payment.amount:
        return False
    if is_to_be_asked_about(payment, intent):
        return True
    if intent.refunded_minor <= payment.standing.refunded_minor:
        return False
    return bool(await work.refunds.unfinished(payment.id)) or await work.refunds.has_failures(payment.id)


async def _ask_about(provider: str, reference: str, work: PaymentsWork) -> NoticeOutcome:
    payment_id = await work.payments.id_of_intent(provider, reference, None)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    await work.payments.follow_in(payment_id, 0)
    return NoticeOutcome.ASKED


async def _apply_dispute(provider: str, dispute: Dispute, work: PaymentsWork) -> NoticeOutcome:
    payment_id = await work.payments.id_of_intent(provider, dispute.intent_reference, None)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    payment = await work.payments.lock(payment_id)
    if not payment.standing.captured_minor and dispute.amount != payment.amount:
        await work.payments.follow_in(payment_id, 0)  # of how much was taken the dispute tells nothing
        return NoticeOutcome.ASKED
    payment = await _captured(payment, work)
    if is_old_perhaps(await work.disputes.known(payment.id, dispute.reference), dispute):
        await work.payments.follow_in(payment_id, 0)
        return NoticeOutcome.ASKED
    try:
        return NoticeOutcome.APPLIED if await follow_dispute(payment, dispute, work) else NoticeOutcome.UNCHANGED
    except Mismatch:
        return NoticeOutcome.MISMATCHED


async def _captured(payment: Payment, work: PaymentsWork) -> Payment:
    """Only what was taken is disputed: the dispute tells of the capture too, if nothing else has yet.

    Raises:
        Unavailable: when the payment is over here: the provider tells of the dispute again once that is put right.
    """
    told = Intent(payment.reference, PaymentStatus.CAPTURED, payment.amount)
    followed = await follow_provider(payment.id, told, work)
    if not followed.standing.captured_minor:
        raise Unavailable("This dispute is about a payment that was not captured; send it again.")
    return followed
