"""Takes in what a provider tells by itself."""

import logging

from shared import db
from subgraphs.payments.commands.follow_provider import follow_provider
from subgraphs.payments.domain.ports import Intent, Notice
from subgraphs.payments.infrastructure.notices import NoticeOutcome, set_outcome, store_notice
from subgraphs.payments.infrastructure.payments import locked_payment, payment_of_reference

logger = logging.getLogger(__name__)


async def receive_notice(notice: Notice) -> bool:
    """Keeps the event and moves its payment forward, both or neither; False when the event was here before."""
    async with db.transaction():
        if not await store_notice(notice):
            return False
        if notice.intent is not None:
            await set_outcome(notice, await _apply(notice, notice.intent))
        return True


async def _apply(notice: Notice, intent: Intent) -> NoticeOutcome:
    payment_id = await payment_of_reference(notice.provider, intent.reference)
    if payment_id is None:
        return NoticeOutcome.UNKNOWN_PAYMENT
    before = await locked_payment(payment_id)
    if before.amount != intent.amount:
        logger.error("event %s tells another amount than payment %s has: not applied", notice.event_id, payment_id)
        return NoticeOutcome.MISMATCHED
    after = await follow_provider(payment_id, intent.status, intent.decline)
    return NoticeOutcome.UNCHANGED if after.status is before.status else NoticeOutcome.APPLIED
