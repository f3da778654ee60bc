"""Webhook events in Postgres, as they came."""

from enum import StrEnum

from shared import db
from subgraphs.payments.domain.ports import Notice


class NoticeOutcome(StrEnum):
    """What came of a webhook event. ASKED: it could not be applied as it stood, the provider is asked how things are by now."""

    APPLIED = "APPLIED"
    UNCHANGED = "UNCHANGED"
    ASKED = "ASKED"
    IGNORED = "IGNORED"
    UNKNOWN_PAYMENT = "UNKNOWN_PAYMENT"
    MISMATCHED = "MISMATCHED"


async def store_notice(notice: Notice) -> bool:
    """Keeps an event; False when it was kept before."""
    inserted = await db.execute(
        "INSERT INTO webhook_events (provider, event_id, type, body, outcome) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (provider, event_id) DO NOTHING",
        notice.provider,
        notice.event_id,
        notice.type,
        notice.body,
        NoticeOutcome.IGNORED,
    )
    return inserted == 1


async def set_outcome(notice: Notice, outcome: NoticeOutcome) -> None:
    """Records what came of an event."""
    await db.execute(
        "UPDATE webhook_events SET outcome = $3 WHERE provider = $1 AND event_id = $2",
        notice.provider,
        notice.event_id,
        outcome,
    )
