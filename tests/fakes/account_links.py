"""Mailed links, and who asked for another password, in memory; one contract suite holds for these and for Postgres."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.email import comparable
from subgraphs.users.domain.links import Link, Purpose

HOUR = timedelta(hours=1)


@dataclass
class LinksTwin:
    """Links in the order in which they were made, by a clock that tests set; ``ended`` are those worth nothing."""

    known: list[tuple[Link, datetime]] = field(default_factory=list)
    ended: set[UUID] = field(default_factory=set)
    passed: timedelta = timedelta()

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.passed

    async def add(self, link: Link) -> None:
        self.known.append((link, self.now))

    async def owner(self, holder: UUID, purpose: Purpose) -> UUID | None:
        link = self._good(holder, purpose)
        return link.user_id if link else None

    async def by_id(self, link_id: UUID) -> Link | None:
        return next((link for link, _ in self.known if link.id == link_id and self._is_good(link)), None)

    async def use(self, holder: UUID, purpose: Purpose) -> Link | None:
        link = self._good(holder, purpose)
        if link:
            self.ended.add(link.id)
        return link

    async def end(self, user_id: UUID, *purposes: Purpose) -> None:
        self.ended |= {link.id for link, _ in self.known if link.user_id == user_id and link.purpose in purposes}

    async def end_later_undos(self, link: Link) -> None:
        later = [each for each, _ in self.known]
        later = later[later.index(link) + 1 :]
        same = (link.user_id, Purpose.UNDO_EMAIL_CHANGE)
        self.ended |= {each.id for each in later if (each.user_id, each.purpose) == same}

    async def made_lately(self, user_id: UUID, purpose: Purpose) -> int:
        same = [made for link, made in self.known if (link.user_id, link.purpose) == (user_id, purpose)]
        return sum(made > self.now - HOUR for made in same)

    async def is_held(self, email: str, user_id: UUID | None) -> bool:
        held = [link for link, _ in self.known if link.purpose == Purpose.UNDO_EMAIL_CHANGE and self._is_good(link)]
        return any(comparable(link.email) == comparable(email) and link.user_id != user_id for link in held)

    async def forget_expired(self) -> None:
        self.known = [(link, made) for link, made in self.known if link.expires_at > self.now - timedelta(days=1)]

    def _good(self, holder: UUID, purpose: Purpose) -> Link | None:
        same = (link for link, _ in self.known if (link.holder, link.purpose) == (holder, purpose))
        return next((link for link in same if self._is_good(link)), None)

    def _is_good(self, link: Link) -> bool:
        return link.id not in self.ended and link.expires_at > self.now


@dataclass
class ResetRequestsTwin:
    """Addresses, in the order in which they came."""

    emails: list[str] = field(default_factory=list)

    async def add(self, email: str) -> None:
        self.emails.append(email)

    async def take(self, most: int) -> set[str]:
        taken, self.emails = self.emails[:most], self.emails[most:]
        return set(taken)
