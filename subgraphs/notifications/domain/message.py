"""Messages, and when they are tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)


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
    """What a message is about, such as a user, an order or a shipment of it, and to which user it goes."""

    source_id: UUID
    user_id: UUID
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


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the mail server has."""

    id: UUID
    kind: Kind
    user_id: UUID
    sent_at: datetime


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: a second, then twice as long each time, an hour at most."""
    doublings = min(attempt - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)
