"""Webhook events in Postgres, as they came."""

from enum import StrEnum
from typing import Any

import orjson

from shared.persistence import db
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


async def is_repeated(notice: Notice) -> bool:
    """Whether the event that was kept by this id says the same as this one."""
    kept: str = await db.fetch_value(
        "SELECT body FROM webhook_events WHERE provider = $1 AND event_id = $2", notice.provider, notice.event_id
    )
    return kept == notice.body or _told(kept) == _told(notice.body)


def _told(body: str) -> dict[str, Any]:
    """What an event says, without how often it is still to be delivered."""
    return {name: value for name, value in orjson.loads(body).items() if name != "pending_webhooks"}


async def set_outcome(notice: Notice, outcome: NoticeOutcome) -> None:
    """Records what came of an event."""
    await db.execute(
        "UPDATE webhook_events SET outcome = $3 WHERE provider = $1 AND event_id = $2",
        notice.provider,
        notice.event_id,
        outcome,
    )
