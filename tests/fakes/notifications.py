"""The ports of notifications in memory: what its handlers are tested with.

One contract suite holds for these and for Postgres.
"""

import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from shared.errors import Unavailable
from shared.events.event import Recorder
from shared.ids import new_id
from subgraphs.notifications.domain.message import About, Kind, Message, Outgoing, Sent
from subgraphs.notifications.domain.ports import NotificationsWork

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
LEASE = timedelta(minutes=2)


@dataclass
class Row:
    """A message and what became of it."""

    message: Message
    recipient: str
    about: About
    due_at: datetime
    status: str = "PENDING"
    attempts: int = 0
    error: str | None = None


@dataclass
class MessagesTwin:
    """Messages by their ids."""

    rows: dict[UUID, Row] = field(default_factory=dict)

    async def add(self, message: Message, recipient: str, about: About) -> None:
        if (message.kind, about.source_id) not in {
            (row.message.kind, row.about.source_id) for row in self.rows.values()
        }:
            self.rows[new_id()] = Row(message, recipient, about, _now())

    async def claim(self, most: int) -> Sequence[Outgoing]:
        due = [(row.due_at, key) for key, row in self.rows.items() if row.status == "PENDING" and row.due_at <= _now()]
        return [self._claimed(key) for _, key in sorted(due)[:most]]

    async def release(self, messages: Sequence[Outgoing]) -> None:
        for row in filter(None, map(self._leased, messages)):
            row.attempts -= 1
            row.due_at = _now()

    async def record_sent(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        known = {message.id: self.rows[message.id] for message in messages}
        fresh = {key: row for key, row in known.items() if row.status != "SENT"}
        for row in fresh.values():
            row.status, row.error = "SENT", None
        return [Sent(key, row.message.kind, row.about.user_id, _now()) for key, row in fresh.items()]

    async def postpone(self, message: Outgoing, error: str, pause: timedelta) -> None:
        row = self._leased(message)
        if row is not None:
            row.error, row.due_at = error, _now() + pause

    async def give_up(self, message: Outgoing, error: str) -> None:
        row = self._leased(message)
        if row is not None:
            row.error, row.status = error, "FAILED"

    async def retry_given_up(self) -> int:
        failed = [row for row in self.rows.values() if row.status == "FAILED"]
        for row in failed:
            row.status, row.attempts, row.due_at = "PENDING", 0, _now()
        return len(failed)

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        for row in self.rows.values():
            if row.about.order_id == order_id:
                row.about = replace(row.about, user_id=user_id)

    def lapse(self) -> None:
        """All pauses and leases are over."""
        for row in self.rows.values():
            row.due_at = _now()

    def _claimed(self, key: UUID) -> Outgoing:
        row = self.rows[key]
        row.attempts += 1
        row.due_at = _now() + LEASE
        its = row.message
        said = its.kind, row.recipient, its.subject, its.text, its.html
        return Outgoing(key, *said, _now(), row.attempts, row.about.order_id, row.about.link_id)

    def _leased(self, message: Outgoing) -> Row | None:
        row = self.rows[message.id]
        return row if (row.status, row.attempts) == ("PENDING", message.attempt) else None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class MailServerTwin:
    """Takes mail, but raises what is among its ``answers`` first; ``taken`` is to whom it went."""

    answers: list[Exception | None] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    closed: int = 0

    async def send(self, message: Outgoing) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(message.recipient)
        self.texts.append(message.text)

    async def close(self) -> None:
        self.closed += 1


@dataclass
class OrderTokensTwin:
    """Tokens by order; ``is_away``: orders can't be asked."""

    tokens: dict[UUID, str] = field(default_factory=dict)
    is_away: bool = False

    async def of(self, order_id: UUID) -> str:
        if self.is_away:
            raise Unavailable("orders is away")
        return self.tokens.get(order_id, "")


class AccountLinksTwin(OrderTokensTwin):
    """What links hold, by link."""


@dataclass
class NotificationsTwin:
    """Notifications in memory. What fails within a transaction changes nothing."""

    events: Recorder = field(default_factory=Recorder)
    messages: MessagesTwin = field(default_factory=MessagesTwin)
    mail_server: MailServerTwin = field(default_factory=MailServerTwin)
    order_tokens: OrderTokensTwin = field(default_factory=OrderTokensTwin)
    account_links: AccountLinksTwin = field(default_factory=AccountLinksTwin)
    shop_url: str = "https://shop.example/"

    async def perform(
        self, handler: Callable[[Command, NotificationsWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """What the handler answers."""
        return await self.transaction(lambda work: handler(command, work))

    async def perform_alone(
        self, handler: Callable[[Command, NotificationsWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """The same without a transaction: what was done before a failure counts."""
        return await handler(command, self)

    async def transaction(self, step: Callable[[NotificationsWork], Awaitable[Outcome]]) -> Outcome:
        """What the step answers; all or nothing."""
        before = copy.deepcopy((self.events.events, self.messages.rows))
        try:
            return await step(self)
        except BaseException:
            self.events.events, self.messages.rows = before
            raise


def greeting(recipient: str) -> tuple[Message, str, About]:
    """A message to somebody new."""
    user_id = new_id()
    return Message(Kind.WELCOME, "Welcome", "text", "<p>html</p>"), recipient, About(user_id, user_id)
