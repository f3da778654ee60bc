"""Links that are mailed to an account's address: whoever has one has that mailbox.

What a link holds is made of a secret and kept nowhere (decision 26). What is kept is its hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

# How many links for one purpose are mailed for an account within an hour.
MOST_LINKS_AN_HOUR = 5


class Purpose(StrEnum):
    """What a link is good for, and for nothing else."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105 - a purpose
    CHANGE_EMAIL = "CHANGE_EMAIL"
    UNDO_EMAIL_CHANGE = "UNDO_EMAIL_CHANGE"


LIFETIMES = {
    Purpose.VERIFY_EMAIL: timedelta(hours=24),
    Purpose.RESET_PASSWORD: timedelta(minutes=30),
    Purpose.CHANGE_EMAIL: timedelta(hours=24),
    Purpose.UNDO_EMAIL_CHANGE: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link for an account; ``email`` is where it is mailed. ``holder`` is who has it: a hash of what it holds."""

    id: UUID
    user_id: UUID
    purpose: Purpose
    email: str
    holder: UUID
    expires_at: datetime


class LinkTokens(Protocol):
    """Makes what links hold, each the same again whenever it is asked for."""

    def issue(self, user_id: UUID, purpose: Purpose, email: str) -> Link:
        """A new link, which lives as long as its purpose has it."""

    def of(self, link: Link) -> str | None:
        """What a link holds; None when it is expired, or was made with a key that is gone."""


class Links(Protocol):
    """Links that were mailed, or are about to be."""

    async def add(self, link: Link) -> None:
        """Remembers a new link."""

    async def owner(self, holder: UUID, purpose: Purpose) -> UUID | None:
        """Whose account a link is for, if it is good."""

    async def by_id(self, link_id: UUID) -> Link | None:
        """A link that is good."""

    async def use(self, holder: UUID, purpose: Purpose) -> Link | None:
        """Uses a link up; None when it is not good (any more), or for another purpose. Of two at once, one does."""

    async def end(self, user_id: UUID, *purposes: Purpose) -> None:
        """Has an account's links for these purposes be worth nothing any more."""

    async def end_later_undos(self, link: Link) -> None:
        """The same for links that undo changes which came after the one that this link undoes."""

    async def made_lately(self, user_id: UUID, purpose: Purpose) -> int:
        """How many were made for an account and a purpose within the hour before."""

    async def is_held(self, email: str, user_id: UUID | None) -> bool:
        """Whether an address is kept for another account, which can still have it back."""

    async def forget_expired(self) -> None:
        """Forgets those that expired so long ago that nobody asks for them."""


class ResetRequests(Protocol):
    """Who asked for another password. Whether they have an account is looked up later: the answer can't tell it."""

    async def add(self, email: str) -> None:
        """Remembers that somebody asked; always the same work."""

    async def take(self, most: int) -> set[str]:
        """Takes some of them, nobody else's by then: their addresses, as they are compared."""
