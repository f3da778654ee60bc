"""Postal addresses and the book that holds a user's."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.domain.rejections import AddressBookFull

BOOK_SIZE = 50


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a shipment can go."""

    recipient: str
    line1: str
    line2: str | None
    postal_code: str | None
    city: str
    country: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Address(PostalAddress):
    """A postal address in a user's address book."""

    id: UUID
    is_default: bool


def require_room(count: int) -> None:
    """Passes when a book with so many addresses takes another one. Raises AddressBookFull."""
    if count >= BOOK_SIZE:
        raise AddressBookFull(BOOK_SIZE)
