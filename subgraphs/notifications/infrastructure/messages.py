"""Messages that wait to be sent, in Postgres. When one is due is judged by the database's clock alone."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shared.ids import new_id
from shared.persistence import db
from subgraphs.notifications.domain.message import About, Kind, Message, Outgoing, Sent

CHANNEL = "outgoing"  # the worker LISTENs on it; a trigger of the table NOTIFYs
_LEASE = timedelta(minutes=2)
_ADD = """
INSERT INTO notifications (id, kind, source_id, user_id, order_id, link_id, recipient, subject, text, html)
VALUES (:id, :kind, :source_id, :user_id, :order_id, :link_id, :recipient, :subject, :text, :html)
ON CONFLICT (kind, source_id) DO NOTHING
"""
_CLAIM = """
UPDATE notifications SET attempts = attempts + 1, due_at = clock_timestamp() + :lease::interval WHERE id = ANY(ARRAY
  (SELECT id FROM notifications WHERE status = 'PENDING' AND due_at <= clock_timestamp()
   ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED))
RETURNING id, kind, recipient, subject, text, html, created_at, attempts AS attempt, order_id, link_id
"""
_RELEASE = """
UPDATE notifications SET attempts = attempts - 1, due_at = clock_timestamp()
FROM unnest(:ids::uuid[], :attempts::int[]) AS claimed(id, attempt)
WHERE notifications.id = claimed.id AND attempts = attempt AND status = 'PENDING'
"""
_RECORD_SENT = """
UPDATE notifications SET status = 'SENT', sent_at = clock_timestamp(), last_error = NULL
WHERE id = ANY(:ids::uuid[]) AND status <> 'SENT' RETURNING id, kind, user_id, sent_at
"""
_POSTPONE = """
UPDATE notifications SET last_error = :error, due_at = clock_timestamp() + :pause::interval
WHERE id = :id AND attempts = :attempt AND status = 'PENDING'
"""
_GIVE_UP = """
UPDATE notifications SET status = 'FAILED', last_error = :error, due_at = clock_timestamp()
WHERE id = :id AND attempts = :attempt AND status = 'PENDING'
"""
_RETRY = "UPDATE notifications SET status = 'PENDING', attempts = 0, due_at = clock_timestamp() WHERE status = 'FAILED'"

_ATTACH_CUSTOMER = "UPDATE notifications SET user_id = :user_id WHERE order_id = :order_id"


class PostgresMessages:
    """The only writer of ``notifications``."""

    async def add(self, message: Message, recipient: str, about: About) -> None:
        """Has a message sent, unless there is one of this kind about this already."""
        await db.execute(
            _ADD,
            id=new_id(),
            kind=message.kind,
            source_id=about.source_id,
            user_id=about.user_id,
            order_id=about.order_id,
            link_id=about.link_id,
            recipient=recipient,
            subject=message.subject,
            text=message.text,
            html=message.html,
        )

    async def claim(self, most: int) -> Sequence[Outgoing]:
        """The messages that are longest due, for two minutes nobody else's to send."""
        rows = await db.fetch(_CLAIM, lease=_LEASE, most=most)
        return [Outgoing(**{**row, "kind": Kind(row["kind"])}) for row in rows]

    async def release(self, messages: Sequence[Outgoing]) -> None:
        """Lets others send at once what was claimed and not tried. Not what somebody else claimed meanwhile."""
        ids, attempts = [message.id for message in messages], [message.attempt for message in messages]
        await db.execute(_RELEASE, ids=ids, attempts=attempts)

    async def record_sent(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Remembers that the mail server has some messages; answers those of which nobody knew it yet."""
        rows = await db.fetch(_RECORD_SENT, ids=[message.id for message in messages])
        return [Sent(row["id"], Kind(row["kind"]), row["user_id"], row["sent_at"]) for row in rows]

    async def postpone(self, message: Outgoing, error: str, pause: timedelta) -> None:
        """Puts the next attempt off. Not after somebody else claimed the message."""
        await db.execute(_POSTPONE, id=message.id, attempt=message.attempt, error=error, pause=pause)

    async def give_up(self, message: Outgoing, error: str) -> None:
        """Has a message not tried any more. Not after somebody else claimed it."""
        await db.execute(_GIVE_UP, id=message.id, attempt=message.attempt, error=error)

    async def retry_given_up(self) -> int:
        """Has all messages that were given up tried again, and answers how many they are."""
        return await db.execute(_RETRY)

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        """Makes the messages about an order an account's."""
        await db.execute(_ATTACH_CUSTOMER, order_id=order_id, user_id=user_id)
