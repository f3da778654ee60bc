"""What the commands of notifications need of the world."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from shared.events.event import Recorder
from shared.transaction import Transaction
from subgraphs.notifications.domain.message import About, Message, Outgoing, Sent


class UndeliverableError(Exception):
    """The mail server will never take this message, or not to this address."""


class Messages(Protocol):
    """Messages that wait to be sent. When one is due is judged by one clock for all."""

    async def add(self, message: Message, recipient: str, about: About) -> None:
        """Has a message sent, unless there is one of this kind about this already."""

    async def claim(self, most: int) -> Sequence[Outgoing]:
        """The messages that are longest due, for two minutes nobody else's to send."""

    async def release(self, messages: Sequence[Outgoing]) -> None:
        """Lets others send at once what was claimed and not tried. Not what somebody else claimed meanwhile."""

    async def record_sent(self, messages: Sequence[Outgoing]) -> Sequence[Sent]:
        """Remembers that the mail server has some messages; answers those of which nobody knew it yet."""

    async def postpone(self, message: Outgoing, error: str, pause: timedelta) -> None:
        """Puts the next attempt off. Not after somebody else claimed the message."""

    async def give_up(self, message: Outgoing, error: str) -> None:
        """Has a message not tried any more. Not after somebody else claimed it."""

    async def retry_given_up(self) -> int:
        """Has all messages that were given up tried again, and answers how many they are."""

    async def attach_customer(self, order_id: UUID, user_id: UUID) -> None:
        """Makes the messages about an order an account's."""


class OrderTokens(Protocol):
    """What opens the orders of guests."""

    async def of(self, order_id: UUID) -> str:
        """The token of an order; empty where none opens it. It may be kept nowhere.

        Raises:
            ServiceError: when orders can't be asked; ask again.
        """


class AccountLinks(Protocol):
    """What the links hold that change accounts."""

    async def of(self, link_id: UUID) -> str:
        """What a link holds; empty where it is not good any more. It may be kept nowhere.

        Raises:
            ServiceError: when users can't be asked; ask again.
        """


class MailServer(Protocol):
    """Who takes mail."""

    async def send(self, message: Outgoing) -> None:
        """Returns when the mail server has the message.

        Raises:
            UndeliverableError: when it never will.
            Exception: any other when it may another time.
        """

    async def close(self) -> None:
        """Ends the connection, politely if it still stands."""


class NotificationsWork(Protocol):
    """A unit of work of notifications."""

    @property
    def messages(self) -> Messages: ...

    @property
    def mail_server(self) -> MailServer: ...

    @property
    def order_tokens(self) -> OrderTokens: ...

    @property
    def account_links(self) -> AccountLinks: ...

    @property
    def shop_url(self) -> str: ...

    @property
    def events(self) -> Recorder: ...

    @property
    def transaction(self) -> "Transaction[NotificationsWork]": ...
