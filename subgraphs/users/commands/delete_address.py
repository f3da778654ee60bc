"""Removes from a user's address book."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.commands.locked_book import locked_book
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import AddressNotFound


@dataclass(frozen=True, slots=True)
class DeleteAddress:
    """An address of a user."""

    user_id: UUID
    address_id: UUID


async def delete_address(command: DeleteAddress, work: UsersWork) -> UUID:
    """The id; when the address was the default, the oldest one left becomes it.

    Raises:
        AccountGone, AddressNotFound
    """
    book = await locked_book(command.user_id, work)
    was_default = await book.remove(command.user_id, command.address_id)
    if was_default is None:
        raise AddressNotFound
    if was_default:
        await book.promote_oldest(command.user_id)
    return command.address_id
