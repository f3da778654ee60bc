"""One contract for the ports of the OpenID provider: the twins in memory and Postgres answer alike."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from shared.ids import new_id
from shared.persistence import db
from subgraphs.users.bootstrap import unit_of_work
from subgraphs.users.domain.account import NewAccount
from subgraphs.users.domain.openid import CODE_LIFETIME, Client, Delegation, NewClient, NewCode
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN, Session
from tests.backends import Backends
from tests.fakes.openid import CodesTwin
from tests.fakes.users import UsersTwin
from tests.subgraphs import connected

NOT_USED: Any = None
SHOP = NewClient("Shop", ("https://shop.example/back", "com.example.app:/back"), ("https://shop.example/bye",))
MACHINE = NewClient("Robot", scopes=("orders:read", "inventory:read"))


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def work(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[UsersWork]:
    if request.param == "memory":
        yield UsersTwin()
        return
    async with connected(backends, "users"):

        async def taken(_: None, work: UsersWork) -> UsersWork:
            return work

        yield await unit_of_work(NOT_USED, NOT_USED, NOT_USED, NOT_USED, NOT_USED).perform_alone(taken, None)


async def granted(work: UsersWork, client: Client) -> tuple[NewCode, str]:
    opened = await work.accounts.add(NewAccount(f"{new_id()}@example.com", "Ada", "hash"))
    assert opened is not None
    code = NewCode(client.id, opened.user_id, SHOP.redirect_uris[0], "openid email", "challenge", None)
    return code, await work.codes.issue(code)


async def ages(work: UsersWork, time: timedelta) -> None:
    """Time passes for codes."""
    if isinstance(work.codes, CodesTwin):
        work.codes.passed += time
    else:
        await db.execute("UPDATE authorization_codes SET authenticated_at = authenticated_at - $1::interval", time)


async def begun(work: UsersWork, client: Client) -> tuple[Session, str]:
    code, text = await granted(work, client)
    claimed = await work.codes.claim(text, client.id)
    assert claimed is not None
    delegation = Delegation(client.id, code.scope, claimed.authenticated_at)
    session, refresh = await work.sessions.begin(code.user_id, UNKNOWN_ORIGIN, delegation)
    return session, refresh.token


async def test_a_client_is_found_as_it_was_registered_until_it_is_removed(work: UsersWork) -> None:
    for new in (SHOP, MACHINE):
        client, secret = await work.clients.add(new)
        assert secret is not None
        assert await work.clients.by_id(client.id) == client
        assert {name: getattr(client, name) for name in NewClient.__slots__} == {
            name: getattr(new, name) for name in NewClient.__slots__
        }
        assert work.clients.has_secret(client, secret)
        assert not work.clients.has_secret(client, secret[:-1])
        assert not work.clients.has_secret(client, "")
    assert await work.clients.remove(client.id)
    assert not await work.clients.remove(client.id)
    assert await work.clients.by_id(client.id) is None


async def test_a_public_client_has_no_secret_that_anybody_could_give(work: UsersWork) -> None:
    client, secret = await work.clients.add(NewClient("App", SHOP.redirect_uris, is_public=True))
    assert secret is None
    for guess in ("", "None", "x"):
        assert not work.clients.has_secret(client, guess)


async def test_a_code_is_claimed_once_and_remembers_its_session(work: UsersWork) -> None:
    (client, _), (other, _) = await work.clients.add(SHOP), await work.clients.add(SHOP)
    code, text = await granted(work, client)
    assert await work.codes.find(text, other.id) is None
    assert await work.codes.claim(text, other.id) is None
    claimed = await work.codes.claim(text, client.id)
    assert claimed is not None
    assert {name: getattr(claimed, name) for name in NewCode.__slots__} == {
        name: getattr(code, name) for name in NewCode.__slots__
    }
    assert await work.codes.session_of_used(text, client.id) is None
    session_id = new_id()
    await work.codes.bind(text, session_id)
    await ages(work, CODE_LIFETIME)
    assert await work.codes.find(text, client.id) is not None, "so that a second use is noticed"
    assert await work.codes.claim(text, client.id) is None
    assert await work.codes.session_of_used(text, client.id) == (code.user_id, session_id)
    assert await work.codes.session_of_used(text, other.id) is None
    await ages(work, timedelta(hours=1))
    await work.codes.forget_expired()
    assert await work.codes.find(text, client.id) is None


async def test_a_code_that_expired_or_whose_client_was_removed_is_worth_nothing(work: UsersWork) -> None:
    client, _ = await work.clients.add(SHOP)
    _, late = await granted(work, client)
    await ages(work, CODE_LIFETIME)
    _, early = await granted(work, client)
    assert await work.codes.find(late, client.id) is None
    assert await work.codes.claim(late, client.id) is None
    await work.clients.remove(client.id)
    assert await work.codes.claim(early, client.id) is None


async def test_a_refresh_token_of_a_client_is_that_clients_alone(work: UsersWork) -> None:
    (client, _), (other, _) = await work.clients.add(SHOP), await work.clients.add(SHOP)
    session, token = await begun(work, client)
    assert (session.client_id, session.scope) == (client.id, "openid email")
    found = await work.client_tokens.of_refresh_token(token)
    assert found is not None
    assert (found.session_id, found.client_id, found.scope, found.is_good) == (
        session.id, client.id, "openid email", True,
    )  # fmt: skip
    for stranger in (None, other.id):
        assert await work.sessions.rotate(token, UNKNOWN_ORIGIN, stranger) is None
    rotated = await work.sessions.rotate(token, UNKNOWN_ORIGIN, client.id)
    assert rotated is not None
    assert rotated[0] == session
    assert await work.sessions.repeated(token, other.id) is None
    assert await work.sessions.repeated(token, client.id) is not None
    used = await work.client_tokens.of_refresh_token(token)
    assert used is not None
    assert not used.is_good
    _, shoppers = await work.sessions.begin(session.user_id, UNKNOWN_ORIGIN)
    assert await work.client_tokens.of_refresh_token(shoppers.token) is None


async def test_all_sessions_of_a_client_end_and_no_others(work: UsersWork) -> None:
    (client, _), (other, _) = await work.clients.add(SHOP), await work.clients.add(SHOP)
    ended, token = await begun(work, client)
    left, _ = await begun(work, other)
    assert [each.id for each in await work.client_tokens.end_all(client.id)] == [ended.id]
    assert await work.client_tokens.end_all(client.id) == []
    assert not await work.client_tokens.is_live(ended.id)
    assert await work.client_tokens.is_live(left.id)
    found = await work.client_tokens.of_refresh_token(token)
    assert found is not None
    assert not found.is_good


async def test_sessions_of_machines_end_one_by_one_or_together(work: UsersWork) -> None:
    client, _ = await work.clients.add(MACHINE)
    first, second, third = [await work.client_tokens.begin_machines(client.id) for _ in range(3)]
    assert (first.user_id, first.client_id) == (client.id, client.id)
    assert await work.client_tokens.end_machines(new_id(), first.id) == []
    assert await work.client_tokens.end_machines(client.id, first.id) == [first.id]
    assert set(await work.client_tokens.end_machines(client.id)) == {second.id, third.id}
    assert set(await work.client_tokens.machines_ended_lately()) >= {first.id, second.id, third.id}
    assert not await work.client_tokens.is_live(second.id)
    await work.client_tokens.forget_machines()
    assert set(await work.client_tokens.machines_ended_lately()) >= {first.id}, "their tokens may still be good"
