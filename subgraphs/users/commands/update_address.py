"""Gives an address other content."""

from dataclasses import dataclass
from uuid import UUID

from shared.postal.address import PostalAddress
from subgraphs.users.domain.address import Address
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import AddressNotFound


@dataclass(frozen=True, slots=True)
class UpdateAddress:
    """Which address of a user, and what it is from now on."""

    user_id: UUID
    address_id: UUID
    address: PostalAddress


async def update_address(command: UpdateAddress, work: UsersWork) -> Address:
    """The address as it is now. A single statement.

    Raises:
        AddressNotFound
    """
    changed = await work.address_books.replace(command.user_id, command.address_id, command.address)
    if changed is None:
        raise AddressNotFound
    return changed
