"""Mailed links in Postgres; expiry is judged by the database's clock."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.email import comparable
from shared.persistence import db
from subgraphs.users.domain.links import Link, Purpose

_KEPT = timedelta(days=1)  # how many were made within an hour must be known
_ADD = """
INSERT INTO mailed_links (id, user_id, purpose, email, comparable_email, holder, expires_at)
VALUES (:id, :user_id, :purpose, :email, :comparable_email, :holder, :expires_at)
"""
_OWNER = """
SELECT user_id FROM mailed_links
WHERE holder = :holder AND purpose = :purpose AND ended_at IS NULL AND expires_at > clock_timestamp()
"""
_BY_ID = """
SELECT id, user_id, purpose, email, holder, expires_at FROM mailed_links
WHERE id = :id AND ended_at IS NULL AND expires_at > clock_timestamp()
"""
# One statement: of two that come with the same link at once, the second waits for the first and then finds it used.
_USE = """
UPDATE mailed_links SET ended_at = clock_timestamp()
WHERE holder = :holder AND purpose = :purpose AND ended_at IS NULL AND expires_at > clock_timestamp()
RETURNING id, user_id, purpose, email, holder, expires_at
"""
_END = """
UPDATE mailed_links SET ended_at = clock_timestamp()
WHERE user_id = :user_id AND purpose = ANY(:purposes::text[]) AND ended_at IS NULL
"""
_END_LATER_UNDOS = """
UPDATE mailed_links SET ended_at = clock_timestamp()
WHERE user_id = :user_id AND purpose = :purpose AND ended_at IS NULL
  AND created_at > (SELECT created_at FROM mailed_links WHERE id = :id)
"""
_MADE_LATELY = """
SELECT count(*) FROM mailed_links
WHERE user_id = :user_id AND purpose = :purpose AND created_at > clock_timestamp() - interval '1 hour'
"""
_IS_HELD = """
SELECT EXISTS (SELECT FROM mailed_links WHERE comparable_email = :comparable_email AND purpose = 'UNDO_EMAIL_CHANGE'
  AND ended_at IS NULL AND expires_at > clock_timestamp() AND user_id IS DISTINCT FROM :user_id::uuid)
"""
_FORGET = "DELETE FROM mailed_links WHERE expires_at < clock_timestamp() - :kept::interval"


class PostgresLinks:
    """The only writer of ``mailed_links``."""

    async def add(self, link: Link) -> None:
        """Remembers a new link."""
        await db.execute(
            _ADD,
            id=link.id,
            user_id=link.user_id,
            purpose=link.purpose,
            email=link.email,
            comparable_email=comparable(link.email),
            holder=link.holder,
            expires_at=link.expires_at,
        )

    async def owner(self, holder: UUID, purpose: Purpose) -> UUID | None:
        """Whose account a link is for, if it is good."""
        found: UUID | None = await db.fetch_value(_OWNER, holder=holder, purpose=purpose)
        return found

    async def by_id(self, link_id: UUID) -> Link | None:
        """A link that is good."""
        return _link(await db.fetch_row(_BY_ID, id=link_id))

    async def use(self, holder: UUID, purpose: Purpose) -> Link | None:
        """Uses a link up; None when it is not good (any more), or for another purpose. Of two at once, one does."""
        return _link(await db.fetch_row(_USE, holder=holder, purpose=purpose))

    async def end(self, user_id: UUID, *purposes: Purpose) -> None:
        """Has an account's links for these purposes be worth nothing any more."""
        await db.execute(_END, user_id=user_id, purposes=list(purposes))

    async def end_later_undos(self, link: Link) -> None:
        """The same for links that undo changes which came after the one that this link undoes."""
        await db.execute(_END_LATER_UNDOS, user_id=link.user_id, purpose=Purpose.UNDO_EMAIL_CHANGE, id=link.id)

    async def made_lately(self, user_id: UUID, purpose: Purpose) -> int:
        """How many were made for an account and a purpose within the hour before."""
        return int(await db.fetch_value(_MADE_LATELY, user_id=user_id, purpose=purpose))

    async def is_held(self, email: str, user_id: UUID | None) -> bool:
        """Whether an address is kept for another account, which can still have it back."""
        return bool(await db.fetch_value(_IS_HELD, comparable_email=comparable(email), user_id=user_id))

    async def forget_expired(self) -> None:
        """Forgets those that expired so long ago that nobody asks for them."""
        await db.execute(_FORGET, kept=_KEPT)


def _link(row: Any) -> Link | None:
    return Link(**{**row, "purpose": Purpose(row["purpose"])}) if row else None
