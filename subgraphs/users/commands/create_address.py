"""Adds to a user's address book."""

from dataclasses import dataclass
from uuid import UUID

from shared.postal.address import PostalAddress
from subgraphs.users.commands.locked_book import locked_book
from subgraphs.users.domain.address import Address, require_room
from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class CreateAddress:
    """An address of a user."""

    user_id: UUID
    address: PostalAddress


async def create_address(command: CreateAddress, work: UsersWork) -> Address:
    """The address; the first one of a book becomes the default.

    Raises:
        AccountGone, AddressBookFull
    """
    book = await locked_book(command.user_id, work)
    count = await book.count(command.user_id)
    require_room(count)
    return await book.add(command.user_id, command.address, is_default=count == 0)
