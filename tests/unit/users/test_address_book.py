"""The handlers of the address book, without a server."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.postal.address import PostalAddress
from subgraphs.users.commands.create_address import CreateAddress, create_address
from subgraphs.users.commands.delete_address import DeleteAddress, delete_address
from subgraphs.users.commands.set_default_address import SetDefaultAddress, set_default_address
from subgraphs.users.commands.set_default_billing_address import (
    SetDefaultBillingAddress,
    set_default_billing_address,
)
from subgraphs.users.commands.update_address import UpdateAddress, update_address
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.address import BOOK_SIZE, Address
from subgraphs.users.domain.rejections import AccountGone, AddressBookFull, AddressNotFound
from tests.fakes.users import UsersTwin

HOME = PostalAddress("Ada", "1 Way", None, None, "London", "GB", None)


@pytest.fixture
def users() -> UsersTwin:
    return UsersTwin()


@pytest_asyncio.fixture
async def ada(users: UsersTwin) -> UUID:
    opened = await users.accounts.add(NewAccount("ada@example.com", "Ada", "-"))
    assert opened is not None
    return opened.user_id


async def created(users: UsersTwin, user_id: UUID, address: PostalAddress = HOME) -> Address:
    return await users.perform(create_address, CreateAddress(user_id, address))


def defaults(users: UsersTwin, user_id: UUID) -> list[UUID]:
    return [address.id for address in users.address_books.books[user_id] if address.is_default]


async def test_the_first_address_becomes_the_default(users: UsersTwin, ada: UUID) -> None:
    first, second = await created(users, ada), await created(users, ada)
    assert (first.is_default, second.is_default) == (True, False)


async def test_a_full_book_takes_no_address(users: UsersTwin, ada: UUID) -> None:
    for _ in range(BOOK_SIZE):
        await created(users, ada)
    with pytest.raises(AddressBookFull) as rejected:
        await created(users, ada)
    assert rejected.value.most == BOOK_SIZE
    assert await users.address_books.count(ada) == BOOK_SIZE


async def test_another_content_keeps_the_default(users: UsersTwin, ada: UUID) -> None:
    home = await created(users, ada)
    moved = replace(HOME, city="Leeds")
    changed = await users.perform_alone(update_address, UpdateAddress(ada, home.id, moved))
    assert (changed.city, changed.is_default, changed.id) == ("Leeds", True, home.id)


async def test_another_default_is_the_only_one(users: UsersTwin, ada: UUID) -> None:
    await created(users, ada)
    second = await created(users, ada)
    assert (await users.perform(set_default_address, SetDefaultAddress(ada, second.id))).is_default
    assert defaults(users, ada) == [second.id]


async def test_invoices_have_a_default_of_their_own(users: UsersTwin, ada: UUID) -> None:
    home, office = [await created(users, ada) for _ in range(2)]
    for address in (home, office):
        command = SetDefaultBillingAddress(ada, address.id)
        assert (await users.perform(set_default_billing_address, command)).is_default_billing
    assert [address.id for address in users.address_books.books[ada] if address.is_default_billing] == [office.id]
    assert defaults(users, ada) == [home.id]


async def test_the_oldest_follows_a_default_that_goes(users: UsersTwin, ada: UUID) -> None:
    home, second, _ = [await created(users, ada) for _ in range(3)]
    assert await users.perform(delete_address, DeleteAddress(ada, home.id)) == home.id
    assert defaults(users, ada) == [second.id]
    for address in list(users.address_books.books[ada]):
        await users.perform(delete_address, DeleteAddress(ada, address.id))
    assert users.address_books.books[ada] == []


async def test_an_address_of_somebody_else_is_not_found(users: UsersTwin, ada: UUID) -> None:
    bob = await users.accounts.add(NewAccount("bob@example.com", "Bob", "-"))
    assert bob is not None
    home = await created(users, ada)
    with pytest.raises(AddressNotFound):
        await users.perform_alone(update_address, UpdateAddress(bob.user_id, home.id, HOME))
    with pytest.raises(AddressNotFound):
        await users.perform(delete_address, DeleteAddress(bob.user_id, home.id))
    with pytest.raises(AddressNotFound):
        await users.perform(set_default_address, SetDefaultAddress(bob.user_id, home.id))
    with pytest.raises(AddressNotFound):
        await users.perform(set_default_billing_address, SetDefaultBillingAddress(bob.user_id, home.id))
    assert users.address_books.books[ada] == [home]


async def test_nobody_has_a_book_whose_account_is_gone(users: UsersTwin) -> None:
    nobody = uuid4()
    with pytest.raises(AccountGone):
        await created(users, nobody)
    with pytest.raises(AccountGone):
        await users.perform(delete_address, DeleteAddress(nobody, nobody))
    with pytest.raises(AccountGone):
        await users.perform(set_default_address, SetDefaultAddress(nobody, nobody))
    with pytest.raises(AccountGone):
        await users.perform(set_default_billing_address, SetDefaultBillingAddress(nobody, nobody))
