"""Makes an address the default of its book for invoices."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.commands.locked_book import locked_book
from subgraphs.users.domain.address import Address
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import AddressNotFound


@dataclass(frozen=True, slots=True)
class SetDefaultBillingAddress:
    """An address of a user."""

    user_id: UUID
    address_id: UUID


async def set_default_billing_address(command: SetDefaultBillingAddress, work: UsersWork) -> Address:
    """The address.

    Raises:
        AccountGone, AddressNotFound: the default stays.
    """
    book = await locked_book(command.user_id, work)
    address = await book.make_default_billing(command.user_id, command.address_id)
    if address is None:
        raise AddressNotFound
    return address
