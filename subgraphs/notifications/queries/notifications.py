"""Reads of notifications. Each answers only what was sent to the user who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.errors import BadUserInput
from shared.graphql.pagination import Connection, PageRequest, connection
from shared.ids import try_parse_id
from shared.persistence import db


@dataclass(frozen=True, slots=True)
class NotificationView:
    """A ``Notification`` as the SDL has it."""

    id: UUID
    kind: str
    channel: str
    recipient: str
    subject: str
    sent_at: datetime | None
    created_at: datetime


async def notifications_of_user(user_id: UUID, page: PageRequest) -> Connection[NotificationView]:
    """A page of a user's messages, latest first: ids grow with time."""
    rows = await db.fetch(
        "SELECT id, kind, channel, recipient, subject, sent_at, created_at FROM notifications"
        " WHERE user_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        user_id,
        _last_id(page),
        page.limit,
    )
    return connection([NotificationView(**row) for row in rows], page, lambda view: (str(view.id),))


async def notifications_by_order(user_id: UUID, order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[NotificationView]]:
    """The messages about some orders to one user, oldest first, in one statement."""
    rows = await db.fetch(
        "SELECT order_id, id, kind, channel, recipient, subject, sent_at, created_at FROM notifications"
        " WHERE order_id = ANY($1::uuid[]) AND user_id = $2 ORDER BY id",
        order_ids,
        user_id,
    )
    by_order: dict[UUID, list[NotificationView]] = {}
    for order_id, *fields in rows:
        by_order.setdefault(order_id, []).append(NotificationView(*fields))
    return by_order


async def notifications_by_id(user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, NotificationView]:
    """Those of the messages that went to one user, in one statement."""
    rows = await db.fetch(
        "SELECT id, kind, channel, recipient, subject, sent_at, created_at FROM notifications"
        " WHERE id = ANY($1::uuid[]) AND user_id = $2",
        ids,
        user_id,
    )
    return {row["id"]: NotificationView(**row) for row in rows}


def _last_id(page: PageRequest) -> UUID | None:
    if page.after is None:
        return None
    last_id = try_parse_id(page.after[0])
    if last_id is None:
        raise BadUserInput("after is no cursor of this list.", ("after",))
    return last_id
