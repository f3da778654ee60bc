"""An address book, locked."""

from uuid import UUID

from subgraphs.users.domain.ports import AddressBooks, UsersWork
from subgraphs.users.domain.rejections import AccountGone


async def locked_book(user_id: UUID, work: UsersWork) -> AddressBooks:
    """The address books, of which this user's is nobody else's to change. Raises AccountGone."""
    if not await work.address_books.lock(user_id):
        raise AccountGone(user_id)
    return work.address_books
