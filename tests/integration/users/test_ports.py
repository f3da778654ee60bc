"""One contract for the ports of users: the twins in memory and Postgres answer alike."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from shared.ids import new_id
from shared.persistence import db
from shared.postal.address import PostalAddress
from shared.security.secrets import Secret
from subgraphs.users.bootstrap import unit_of_work
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.address import Address
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import ACCESS_TOKEN_LIFETIME, REFRESH_GRACE, UNKNOWN_ORIGIN, Origin
from subgraphs.users.infrastructure.link_tokens import SecretLinkTokens
from tests.backends import Backends
from tests.fakes.account_links import LinksTwin
from tests.fakes.users import SessionsTwin, UsersTwin
from tests.subgraphs import connected

HOME = PostalAddress("Ada", "1 Way", "Flat 2", "SW1", "London", "GB", "+44 20")
ADA = NewAccount("Ada@example.com", "Ada", "hash")
LAPTOP = Origin("Firefox", "192.0.2.7")
NOT_USED: Any = None
LINK_TOKENS = SecretLinkTokens(Secret("secret"))
LINK_TOKENS = SecretLinkTokens(Secret("secret"))


class Users:
    """Users of some kind: what has no transaction is its work's, what has one is a step."""

    def __init__(self, work: UsersWork) -> None:
        self.work = work

    async def opened(self, account: NewAccount = ADA) -> UUID:
        opened = await self.work.accounts.add(account)
        assert opened is not None
        return opened.user_id

    async def passes(self, time: timedelta) -> None:
        """Time passes for what was used."""
        sessions, links = self.work.sessions, self.work.links
        if isinstance(sessions, SessionsTwin) and isinstance(links, LinksTwin):
            sessions.passed += time
            links.passed += time
        else:
            await db.execute("UPDATE refresh_tokens SET used_at = used_at - $1::interval", time)
            await db.execute("UPDATE sessions SET ended_at = ended_at - $1::interval", time)
            earlier = "created_at = created_at - $1::interval, expires_at = expires_at - $1::interval"
            await db.execute(f"UPDATE mailed_links SET {earlier}", time)

    async def added(self, user_id: UUID, *, is_default: bool = False) -> Address:
        return await self.work.transaction(lambda work: work.address_books.add(user_id, HOME, is_default=is_default))


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def users(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Users]:
    if request.param == "memory":
        yield Users(UsersTwin())
        return
    async with connected(backends, "users"):

        async def taken(_: None, work: UsersWork) -> UsersWork:
            return work

        yield Users(await unit_of_work(NOT_USED, NOT_USED, NOT_USED, NOT_USED, LINK_TOKENS).perform_alone(taken, None))


async def test_an_address_has_one_account_whatever_its_case(users: Users) -> None:
    user_id = await users.opened()
    assert await users.work.accounts.add(replace(ADA, email="ADA@EXAMPLE.com")) is None
    found = await users.work.accounts.by_email(" ada@example.COM")
    assert found is not None
    assert (found.user_id, found.password_hash, found.is_new) == (user_id, "hash", True)
    assert await users.work.accounts.by_email("bob@example.com") is None


async def test_a_hash_is_replaced_unless_the_password_was_changed_meanwhile(users: Users) -> None:
    await users.opened()
    found = await users.work.accounts.by_email(ADA.email)
    assert found is not None
    await users.work.accounts.replace_hash(found, "renewed")
    await users.work.accounts.replace_hash(found, "too late")
    renewed = await users.work.accounts.by_email(ADA.email)
    assert renewed is not None
    assert renewed.password_hash == "renewed"


async def test_what_fails_within_a_step_did_not_happen(users: Users) -> None:
    async def fail(work: UsersWork) -> None:
        assert await work.accounts.add(ADA)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await users.work.transaction(fail)
    assert await users.work.accounts.by_email(ADA.email) is None


async def test_a_refresh_token_is_rotated_once(users: Users) -> None:
    session, token = await users.work.sessions.begin(await users.opened(), LAPTOP)
    first, second = [await users.work.sessions.rotate(token.token, UNKNOWN_ORIGIN) for _ in range(2)]
    assert first is not None
    assert (first[0], second) == (session, None)
    assert await users.work.sessions.rotate(first[1].token, UNKNOWN_ORIGIN) is not None


async def test_what_a_token_was_exchanged_for_is_told_again_for_a_while(users: Users) -> None:
    session, token = await users.work.sessions.begin(await users.opened(), LAPTOP)
    assert await users.work.sessions.repeated(token.token) is None, "it was not used"
    exchanged = await users.work.sessions.rotate(token.token, UNKNOWN_ORIGIN)
    assert exchanged is not None
    assert await users.work.sessions.repeated(token.token) == exchanged
    assert await users.work.sessions.end_of_used(token.token) is None, "it came soon"
    await users.passes(REFRESH_GRACE)
    assert await users.work.sessions.repeated(token.token) is None
    ended = await users.work.sessions.end_of_used(token.token)
    assert ended is not None
    assert (ended.id, ended.user_id) == (session.id, session.user_id)


async def test_nothing_is_told_again_of_a_session_that_ended(users: Users) -> None:
    session, token = await users.work.sessions.begin(await users.opened(), LAPTOP)
    assert await users.work.sessions.rotate(token.token, UNKNOWN_ORIGIN) is not None
    assert await users.work.sessions.end(session.user_id, session.id)
    assert await users.work.sessions.repeated(token.token) is None


async def test_a_session_is_ended_once_by_whose_it_is(users: Users) -> None:
    session, token = await users.work.sessions.begin(await users.opened(), LAPTOP)
    assert not await users.work.sessions.end(new_id(), session.id)
    ended, again = [await users.work.sessions.end(session.user_id, session.id) for _ in range(2)]
    assert ended is not None
    assert (ended.id, ended.user_id, again) == (session.id, session.user_id, None)
    assert ended.ended_at > session.authenticated_at
    assert await users.work.sessions.rotate(token.token, UNKNOWN_ORIGIN) is None


async def test_all_sessions_of_a_user_end_but_one(users: Users) -> None:
    user_id = await users.opened()
    kept, *others = [await users.work.sessions.begin(user_id, LAPTOP) for _ in range(3)]
    ended = await users.work.sessions.end_all(user_id, kept[0].id)
    assert {each.id for each in ended} == {session.id for session, _ in others}
    assert [await users.work.sessions.rotate(token.token, UNKNOWN_ORIGIN) for _, token in others] == [None, None]
    assert await users.work.sessions.rotate(kept[1].token, UNKNOWN_ORIGIN) is not None
    assert [each.id for each in await users.work.sessions.end_all(user_id, None)] == [kept[0].id]


async def test_of_many_that_rotate_one_token_at_once_one_does(users: Users) -> None:
    token = (await users.work.sessions.begin(await users.opened(), LAPTOP))[1].token
    rotated = await asyncio.gather(*(users.work.sessions.rotate(token, UNKNOWN_ORIGIN) for _ in range(8)))
    assert sum(each is not None for each in rotated) == 1


async def test_a_used_token_ends_its_session_once_and_no_other(users: Users) -> None:
    user_id = await users.opened()
    token, other = [(await users.work.sessions.begin(user_id, LAPTOP))[1].token for _ in range(2)]
    assert await users.work.sessions.end_of_used(token) is None, "it was not used"
    rotated = await users.work.sessions.rotate(token, UNKNOWN_ORIGIN)
    assert rotated is not None
    await users.passes(REFRESH_GRACE)
    assert await users.work.sessions.end_of_used(token) is not None
    assert await users.work.sessions.end_of_used(token) is None
    assert await users.work.sessions.rotate(rotated[1].token, UNKNOWN_ORIGIN) is None
    assert await users.work.sessions.rotate(other, UNKNOWN_ORIGIN) is not None


async def test_the_unknown_is_neither_rotated_nor_ended(users: Users) -> None:
    assert await users.work.sessions.rotate("unknown", UNKNOWN_ORIGIN) is None
    assert await users.work.sessions.end_of_used("unknown") is None


async def test_sessions_that_ended_are_told_of_as_long_as_access_tokens_of_theirs_may_be_good(users: Users) -> None:
    user_id = await users.opened()
    early, late, _ = [(await users.work.sessions.begin(user_id, LAPTOP))[0] for _ in range(3)]
    await users.work.sessions.end(user_id, early.id)
    await users.passes(ACCESS_TOKEN_LIFETIME - timedelta(seconds=5))
    await users.work.sessions.end(user_id, late.id)
    assert set(await users.work.sessions.ended_lately()) == {early.id, late.id}
    await users.passes(timedelta(seconds=60))
    assert set(await users.work.sessions.ended_lately()) == {late.id}


async def test_sessions_that_go_on_are_not_forgotten(users: Users) -> None:
    token = (await users.work.sessions.begin(await users.opened(), LAPTOP))[1].token
    await users.work.sessions.forget_expired()
    assert await users.work.sessions.rotate(token, UNKNOWN_ORIGIN) is not None


async def test_a_book_is_locked_for_those_who_have_an_account(users: Users) -> None:
    user_id, books = await users.opened(), users.work.address_books
    assert await users.work.transaction(lambda work: work.address_books.lock(user_id))
    assert not await users.work.transaction(lambda work: work.address_books.lock(new_id()))
    assert await books.count(user_id) == 0


async def test_an_address_is_added_replaced_and_removed(users: Users) -> None:
    user_id, books = await users.opened(), users.work.address_books
    home = await users.added(user_id, is_default=True)
    assert home == Address(**_content(HOME), id=home.id, is_default=True)
    moved = replace(HOME, city="Leeds", line2=None)
    assert await books.replace(user_id, home.id, moved) == Address(**_content(moved), id=home.id, is_default=True)
    assert await books.count(user_id) == 1
    assert await books.remove(user_id, home.id) is True
    assert await books.remove(user_id, home.id) is None


async def test_there_is_one_default_at_most(users: Users) -> None:
    user_id, books = await users.opened(), users.work.address_books
    home, second = await users.added(user_id, is_default=True), await users.added(user_id)
    made = await users.work.transaction(lambda work: work.address_books.make_default(user_id, second.id))
    assert made == replace(second, is_default=True)
    assert await books.remove(user_id, home.id) is False
    third = await users.added(user_id)
    assert await books.remove(user_id, second.id) is True
    await users.work.transaction(lambda work: work.address_books.promote_oldest(user_id))
    assert await books.remove(user_id, third.id) is True


async def test_there_is_one_default_for_invoices_at_most_beside_the_default(users: Users) -> None:
    user_id, books = await users.opened(), users.work.address_books
    home, second = await users.added(user_id, is_default=True), await users.added(user_id)
    for address in (home, second):
        made = await users.work.transaction(
            lambda work, its=address: work.address_books.make_default_billing(user_id, its.id)  # type: ignore[misc]
        )
        assert made == replace(address, is_default_billing=True)
    moved = await books.replace(user_id, home.id, HOME)
    assert moved == home
    assert await books.replace(user_id, second.id, HOME) == replace(second, is_default_billing=True)


async def test_nobody_changes_the_book_of_somebody_else(users: Users) -> None:
    ada, bob = await users.opened(), await users.opened(replace(ADA, email="bob@example.com"))
    home, books = await users.added(ada, is_default=True), users.work.address_books
    assert await books.replace(bob, home.id, HOME) is None
    assert await books.remove(bob, home.id) is None
    assert await users.work.transaction(lambda work: work.address_books.make_default(bob, home.id)) is None
    assert await users.work.transaction(lambda work: work.address_books.make_default_billing(bob, home.id)) is None
    assert await books.remove(ada, home.id) is True


def _content(address: PostalAddress) -> dict[str, Any]:
    return {name: getattr(address, name) for name in PostalAddress.__slots__}


async def test_sessions_tell_in_which_networks_their_user_was(users: Users) -> None:
    ada, bob = await users.opened(), await users.opened(replace(ADA, email="bob@example.com"))
    _, token = await users.work.sessions.begin(ada, Origin("Firefox", "192.0.2.7"))
    await users.work.sessions.begin(ada, Origin("Firefox", "2001:db8::7"))
    await users.work.sessions.begin(bob, UNKNOWN_ORIGIN)
    networks = ("192.0.2.7/32", "192.0.2.8/32", "2001:db8::/64", "2001:db8:0:1::/64")
    assert [await users.work.sessions.were_at(ada, each) for each in networks] == [True, False, True, False]
    assert [await users.work.sessions.were_at(bob, each) for each in networks] == [False] * 4
    await users.work.sessions.rotate(token.token, Origin(None, "192.0.2.8"))
    assert await users.work.sessions.were_at(ada, "192.0.2.8/32")
