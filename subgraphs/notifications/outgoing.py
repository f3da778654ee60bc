"""Messages that wait to be sent, in Postgres. Whose turn it is, is judged by the database's clock alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from shared.events.event import Event
from shared.ids import new_id
from shared.persistence import db
from shared.persistence.outbox import publish
from subgraphs.notifications.messages import Kind, Message

CHANNEL = "outgoing"  # the worker LISTENs on it; a trigger of the table NOTIFYs
TOPIC = "notifications.notification.v1"
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message whose turn it is; ``attempt`` counts from 1."""

    id: UUID
    kind: Kind
    recipient: str
    subject: str
    text: str
    html: str
    created_at: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, such as a user, an order or a parcel of it, and to which user it goes."""

    source_id: UUID
    user_id: UUID
    order_id: UUID | None = None


async def add_message(message: Message, recipient: str, about: About) -> None:
    """Has a message sent, unless there is one of this kind about this already. Call it in a transaction."""
    await db.execute(
        "INSERT INTO notifications (id, kind, source_id, user_id, order_id, recipient, subject, text, html)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (kind, source_id) DO NOTHING",
        new_id(),
        message.kind,
        about.source_id,
        about.user_id,
        about.order_id,
        recipient,
        message.subject,
        message.text,
        message.html,
    )


async def claim(most: int) -> list[Outgoing]:
    """The messages that are longest due, for two minutes nobody else's to send."""
    rows = await db.fetch(
        "UPDATE notifications SET attempts = attempts + 1, due_at = clock_timestamp() + $1::interval WHERE id = ANY(ARRAY"
        " (SELECT id FROM notifications WHERE status = 'PENDING' AND due_at <= clock_timestamp()"
        "  ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED))"
        " RETURNING id, kind, recipient, subject, text, html, created_at, attempts AS attempt",
        _LEASE,
        most,
    )
    return [Outgoing(**{**row, "kind": Kind(row["kind"])}) for row in rows]


async def give_back(messages: Sequence[Outgoing]) -> None:
    """Lets others send at once what was claimed and not tried. Not what somebody else claimed meanwhile."""
    await db.execute(
        "UPDATE notifications SET attempts = attempts - 1, due_at = clock_timestamp()"
        " FROM unnest($1::uuid[], $2::int[]) AS claimed(id, attempt)"
        " WHERE notifications.id = claimed.id AND attempts = attempt AND status = 'PENDING'",
        [message.id for message in messages],
        [message.attempt for message in messages],
    )


async def record_sent(messages: Sequence[Outgoing]) -> None:
    """Remembers that the mail server has some messages, and tells the others; once, should two have sent one."""
    async with db.transaction():
        rows = await db.fetch(
            "UPDATE notifications SET status = 'SENT', sent_at = clock_timestamp(), last_error = NULL"
            " WHERE id = ANY($1::uuid[]) AND status <> 'SENT' RETURNING id, kind, user_id, sent_at",
            [message.id for message in messages],
        )
        await publish(*map(_notification_sent, rows))


async def record_failure(message: Outgoing, error: str, pause: timedelta | None) -> None:
    """Puts the next attempt off, or gives the message up when there is no pause. Not after somebody else claimed it."""
    await db.execute(
        "UPDATE notifications SET status = CASE WHEN $4::interval IS NULL THEN 'FAILED' ELSE 'PENDING' END, last_error = $3,"
        " due_at = clock_timestamp() + coalesce($4::interval, '0') WHERE id = $1 AND attempts = $2 AND status = 'PENDING'",
        message.id,
        message.attempt,
        error,
        pause,
    )


async def retry_failed() -> int:
    """Has all messages that were given up tried again, and answers how many they are."""
    return await db.execute(
        "UPDATE notifications SET status = 'PENDING', attempts = 0, due_at = clock_timestamp() WHERE status = 'FAILED'"
    )


def _notification_sent(row: asyncpg.Record) -> Event:
    payload = {"notificationId": row["id"], "kind": row["kind"], "userId": row["user_id"], "occurredAt": row["sent_at"]}
    return Event(TOPIC, row["id"], "mercato.notifications.NotificationSent", payload)
