"""Buyers without an account: each order of theirs has a token of its own, which is all that opens it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

# What guests may order for one address within an hour: each order sends mail there, and nobody has proved whose it is.
MOST_ORDERS_AN_HOUR = 10


@dataclass(frozen=True, slots=True)
class Guest:
    """Who holds the token of an order. ``id`` is a hash of the token, which is kept nowhere itself."""

    id: UUID
    token_expires_at: datetime


class OrderTokens(Protocol):
    """Makes the tokens of orders, each the same again whenever it is asked for."""

    def issue(self, order_id: UUID) -> Guest:
        """The holder of a new order's token."""

    def of(self, order_id: UUID, guest: Guest) -> str | None:
        """The token of an order; None when it is expired, or was made with a key that is gone."""
