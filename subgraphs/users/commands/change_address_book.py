"""Adds to, changes and removes from a user's address book."""

from typing import NoReturn
from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.persistence import db
from subgraphs.users.domain.address import BOOK_SIZE, Address, PostalAddress
from subgraphs.users.infrastructure import addresses


async def create_address(user_id: UUID, address: PostalAddress) -> Address:
    """Adds an address; the first one becomes the default.

    Raises:
        UserErrors: ADDRESS_BOOK_FULL.
    """
    async with db.transaction():
        await addresses.lock_book(user_id)
        count = await addresses.count_addresses(user_id)
        if count >= BOOK_SIZE:
            message = f"The address book holds {BOOK_SIZE} addresses, as many as it can; remove one first."
            raise UserErrors(UserError("ADDRESS_BOOK_FULL", message, ("address",)))
        return await addresses.insert_address(user_id, address, is_default=count == 0)


async def update_address(user_id: UUID, address_id: UUID | None, address: PostalAddress) -> Address:
    """Gives an address other content.

    Raises:
        UserErrors: ADDRESS_NOT_FOUND.
    """
    changed = await addresses.replace_address(user_id, address_id, address) if address_id else None
    return changed or _refuse_unknown()


async def delete_address(user_id: UUID, address_id: UUID | None) -> UUID:
    """Removes an address; when it was the default, the oldest one left becomes it.

    Raises:
        UserErrors: ADDRESS_NOT_FOUND.
    """
    async with db.transaction():
        await addresses.lock_book(user_id)
        was_default = await addresses.delete_address(user_id, address_id) if address_id else None
        if address_id is None or was_default is None:
            _refuse_unknown()
        if was_default:
            await addresses.promote_oldest(user_id)
        return address_id


async def set_default_address(user_id: UUID, address_id: UUID | None) -> Address:
    """Makes an address the default.

    Raises:
        UserErrors: ADDRESS_NOT_FOUND.
    """
    async with db.transaction():
        await addresses.lock_book(user_id)
        address = await addresses.make_default(user_id, address_id) if address_id else None
        return address or _refuse_unknown()


def _refuse_unknown() -> NoReturn:
    raise UserErrors(UserError("ADDRESS_NOT_FOUND", "Your address book has no such address.", ("id",)))
