"""Webhook events in Postgres, as they came."""

from typing import Any

import orjson

from shared.persistence import db
from subgraphs.payments.domain.notice import Notice, NoticeOutcome

_ADD = """
INSERT INTO webhook_events (provider, event_id, type, body, outcome)
VALUES (:provider, :event_id, :type, :body, :outcome)
ON CONFLICT (provider, event_id) DO NOTHING
"""
_BODY = "SELECT body FROM webhook_events WHERE provider = :provider AND event_id = :event_id"
_SET_OUTCOME = "UPDATE webhook_events SET outcome = :outcome WHERE provider = :provider AND event_id = :event_id"


class PostgresNotices:
    """The port NoticeRepository; the only writer of ``webhook_events``."""

    async def add(self, notice: Notice) -> bool:
        inserted = await db.execute(
            _ADD,
            provider=notice.provider,
            event_id=notice.event_id,
            type=notice.type,
            body=notice.body,
            outcome=NoticeOutcome.IGNORED,
        )
        return inserted == 1

    async def is_repeated(self, notice: Notice) -> bool:
        kept: str = await db.fetch_value(_BODY, provider=notice.provider, event_id=notice.event_id)
        return kept == notice.body or _told(kept) == _told(notice.body)

    async def set_outcome(self, notice: Notice, outcome: NoticeOutcome) -> None:
        await db.execute(_SET_OUTCOME, provider=notice.provider, event_id=notice.event_id, outcome=outcome)


def _told(body: str) -> dict[str, Any]:
    """What an event says, without how often it is still to be delivered."""
    return {name: value for name, value in orjson.loads(body).items() if name != "pending_webhooks"}
