"""The book that holds a user's postal addresses."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.postal.address import PostalAddress
from subgraphs.users.domain.rejections import AddressBookFull

BOOK_SIZE = 50


@dataclass(frozen=True, slots=True)
class Address(PostalAddress):
    """A postal address in a user's address book."""

    id: UUID = field(kw_only=True)
    is_default: bool = field(kw_only=True)
    is_default_billing: bool = field(kw_only=True, default=False)


def require_room(count: int) -> None:
    """Passes when a book with so many addresses takes another one. Raises AddressBookFull."""
    if count >= BOOK_SIZE:
        raise AddressBookFull(BOOK_SIZE)
