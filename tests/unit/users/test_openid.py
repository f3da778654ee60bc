"""The handlers behind the OpenID provider, without a server and without its protocol."""

from datetime import timedelta

import pytest

from shared.ids import new_id
from subgraphs.users.commands.authorize_client import AuthorizeClient, authorize_client
from subgraphs.users.commands.end_machine_session import EndMachineSession, end_machine_session
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.issue_machine_token import IssueMachineToken, issue_machine_token
from subgraphs.users.commands.redeem_code import RedeemCode, Redeemed, redeem_code
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.commands.register import Register, register
from subgraphs.users.commands.remove_client import RemoveClient, remove_client
from subgraphs.users.commands.repeat_revocations import RepeatRevocations, repeat_revocations
from subgraphs.users.domain.openid import CODE_LIFETIME, Client, NewClient
from subgraphs.users.domain.rejections import (
    ClientNotFound,
    CodeInvalid,
    CredentialsInvalid,
    RefreshTokenInvalid,
    TooManyFailures,
)
from subgraphs.users.domain.tokens import EndReason
from tests.fakes.users import FAILURES, UsersTwin

ADA = Register("ada@example.com", "Ada", "long enough")
BACK = "https://shop.example/back"


@pytest.fixture
def users() -> UsersTwin:
    return UsersTwin()


async def a_client(users: UsersTwin) -> Client:
    return (await users.clients.add(NewClient("Shop", (BACK,))))[0]


async def code_of(users: UsersTwin, client: Client, password: str = ADA.password) -> str:
    command = AuthorizeClient(ADA.email, password, client.id, BACK, "openid", "challenge")
    return await users.perform_alone(authorize_client, command)


async def redeemed(users: UsersTwin, client: Client, code: str) -> Redeemed:
    return await users.perform_alone(redeem_code, RedeemCode(code, client))


async def test_a_code_is_exchanged_for_a_session_of_the_client(users: UsersTwin) -> None:
    client, ada = await a_client(users), await users.perform_alone(register, ADA)
    code = await code_of(users, client)
    users.codes.passed += CODE_LIFETIME / 2
    session = (await redeemed(users, client, code)).session
    assert (session.user_id, session.client_id, session.scope) == (ada.user_id, client.id, "openid")
    assert session.authenticated_at == users.codes.known[code].authenticated_at
    assert users.sessions.known[session.id].origin.device == "Shop"


async def test_a_code_used_twice_ends_what_it_was_exchanged_for(users: UsersTwin) -> None:
    client = await a_client(users)
    await users.perform_alone(register, ADA)
    code = await code_of(users, client)
    first = await redeemed(users, client, code)
    for _ in range(2):
        with pytest.raises(CodeInvalid):
            await redeemed(users, client, code)
    assert users.sessions.known[first.session.id].is_ended
    assert users.revocations.refused == {first.session.id}
    assert users.reports.counted[EndReason.REUSED] == 1
    assert users.events.events[-1].payload["sessionId"] == first.session.id


async def test_a_code_is_good_for_a_minute_and_for_its_client_alone(users: UsersTwin) -> None:
    client, other = await a_client(users), await a_client(users)
    await users.perform_alone(register, ADA)
    code = await code_of(users, client)
    with pytest.raises(CodeInvalid):
        await redeemed(users, other, code)
    users.codes.passed += CODE_LIFETIME
    with pytest.raises(CodeInvalid):
        await redeemed(users, client, code)
    assert len(users.sessions.known) == 1


async def test_a_wrong_password_grants_nothing_and_counts_as_a_guess(users: UsersTwin) -> None:
    client = await a_client(users)
    await users.perform_alone(register, ADA)
    for _ in range(FAILURES):
        with pytest.raises(CredentialsInvalid):
            await code_of(users, client, "wrong one")
    with pytest.raises(TooManyFailures):
        await code_of(users, client)
    assert users.codes.known == {}


async def test_a_refresh_token_of_a_client_is_no_shoppers_and_no_other_clients(users: UsersTwin) -> None:
    client, other = await a_client(users), await a_client(users)
    await users.perform_alone(register, ADA)
    token = (await redeemed(users, client, await code_of(users, client))).tokens.refresh_token
    for client_id in (None, other.id):
        with pytest.raises(RefreshTokenInvalid):
            await users.perform_alone(refresh_session, RefreshSession(token, client_id=client_id))
    assert await users.perform_alone(refresh_session, RefreshSession(token, client_id=client.id))


async def test_a_client_that_is_removed_holds_nothing_and_others_all_of_theirs(users: UsersTwin) -> None:
    client, other = await a_client(users), await a_client(users)
    await users.perform_alone(register, ADA)
    ended, left = [(await redeemed(users, each, await code_of(users, each))).session for each in (client, other)]
    await users.perform_alone(issue_machine_token, IssueMachineToken(client, "orders:read"))
    await users.perform_alone(remove_client, RemoveClient(client.id))
    assert users.revocations.refused == {ended.id, *users.client_tokens.machines}
    assert not users.sessions.known[left.id].is_ended
    with pytest.raises(ClientNotFound):
        await users.perform_alone(remove_client, RemoveClient(client.id))


async def test_a_machines_token_ends_alone_and_is_told_again_when_it_was_lost(users: UsersTwin) -> None:
    client = await a_client(users)
    for _ in range(2):
        await users.perform_alone(issue_machine_token, IssueMachineToken(client, "orders:read"))
    first, second = users.client_tokens.machines
    users.revocations.is_away = True
    await users.perform_alone(end_machine_session, EndMachineSession(client.id, first))
    assert (await users.client_tokens.is_live(first), await users.client_tokens.is_live(second)) == (False, True)
    users.revocations.is_away = False
    await users.perform_alone(repeat_revocations, RepeatRevocations())
    assert users.revocations.refused == {first}
    await users.perform_alone(end_machine_session, EndMachineSession(new_id(), second))
    assert await users.client_tokens.is_live(second), "another client's"


async def test_codes_of_long_ago_are_forgotten(users: UsersTwin) -> None:
    client = await a_client(users)
    await users.perform_alone(register, ADA)
    await code_of(users, client)
    await users.perform_alone(forget_sessions, ForgetSessions())
    assert len(users.codes.known) == 1
    users.codes.passed += timedelta(hours=1)
    await users.perform_alone(forget_sessions, ForgetSessions())
    assert users.codes.known == {}
