"""Messages, and when they are tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)

# What stands in a kept message for the link that opens a guest's order: that is a secret, and known when it is sent.
ORDER_LINK = "mercato:link-to-the-order"
# The same for a link that changes an account.
ACCOUNT_LINK = "mercato:link-to-the-account"


class Kind(StrEnum):
    """What messages are about."""

    WELCOME = "WELCOME"
    ORDER_PAYMENT_ACTION_REQUIRED = "ORDER_PAYMENT_ACTION_REQUIRED"
    ORDER_CONFIRMED = "ORDER_CONFIRMED"
    ORDER_EXPECTED = "ORDER_EXPECTED"
    ORDER_CANCELLED = "ORDER_CANCELLED"
    ORDER_SHIPPED = "ORDER_SHIPPED"
    ORDER_DELIVERED = "ORDER_DELIVERED"
    ORDER_REFUNDED = "ORDER_REFUNDED"
    EMAIL_VERIFICATION = "EMAIL_VERIFICATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - a kind
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - a kind
    NAME_CHANGED = "NAME_CHANGED"
    EMAIL_CHANGE_CONFIRMATION = "EMAIL_CHANGE_CONFIRMATION"
    EMAIL_CHANGE_REQUESTED = "EMAIL_CHANGE_REQUESTED"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    EMAIL_CHANGE_UNDO = "EMAIL_CHANGE_UNDO"
    EMAIL_CHANGE_UNDONE = "EMAIL_CHANGE_UNDONE"


# The shop's pages that read what a link of an account holds, by the kind of message that has the link.
ACCOUNT_PAGES = {
    Kind.WELCOME: "verify-email",
    Kind.EMAIL_VERIFICATION: "verify-email",
    Kind.PASSWORD_RESET: "reset-password",
    Kind.EMAIL_CHANGE_CONFIRMATION: "confirm-email-change",
    Kind.EMAIL_CHANGE_UNDO: "undo-email-change",
    Kind.EMAIL_CHANGE_UNDONE: "reset-password",
}


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is sent, in plain text and in HTML."""

    kind: Kind
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, such as a user, an order or a shipment of it.

    ``user_id`` is to which user it goes, None for a guest; ``link_id`` is which link to their account it has.
    """

    source_id: UUID
    user_id: UUID | None
    order_id: UUID | None = None
    link_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is due and leased to who claimed it; ``attempt`` counts from 1."""

    id: UUID
    kind: Kind
    recipient: str
    subject: str
    text: str
    html: str
    created_at: datetime
    attempt: int
    order_id: UUID | None = None
    link_id: UUID | None = None

    @property
    def has_order_link(self) -> bool:
        """Whether it leads its reader to an order."""
        return ORDER_LINK in self.text

    def with_order_link(self, link: str) -> "Outgoing":
        """The same with the address at which its reader sees the order; ``link`` can stand in HTML."""
        return replace(self, text=self.text.replace(ORDER_LINK, link), html=self.html.replace(ORDER_LINK, link))

    def with_account_link(self, link: str) -> "Outgoing":
        """The same with the address at which its reader changes the account; ``link`` can stand in HTML."""
        return replace(self, text=self.text.replace(ACCOUNT_LINK, link), html=self.html.replace(ACCOUNT_LINK, link))


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the mail server has."""

    id: UUID
    kind: Kind
    user_id: UUID | None
    sent_at: datetime


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: a second, then twice as long each time, an hour at most."""
    doublings = min(attempt - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)
