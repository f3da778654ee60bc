"""Messages, and when they are tried again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)

# What stands in a kept message for the link that opens a guest's order: that is a secret, and known when it is sent.
ORDER_LINK = "mercato:link-to-the-order"


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

    ``user_id`` is to which user it goes, None for a guest.
    """

    source_id: UUID
    user_id: UUID | None
    order_id: UUID | None = None


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

    @property
    def has_order_link(self) -> bool:
        """Whether it leads its reader to an order."""
        return ORDER_LINK in self.text

    def with_order_link(self, link: str) -> "Outgoing":
        """The same with the address at which its reader sees the order; ``link`` can stand in HTML."""
        return replace(self, text=self.text.replace(ORDER_LINK, link), html=self.html.replace(ORDER_LINK, link))


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
