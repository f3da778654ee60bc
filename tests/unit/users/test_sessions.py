"""The handlers that begin sessions and go on with them, without a server."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.ids import new_id
from subgraphs.users.commands.end_session import EndSession, end_session, log_out
from subgraphs.users.commands.end_sessions import EndSessions, end_sessions
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.commands.register import Register, register
from subgraphs.users.commands.repeat_revocations import RepeatRevocations, repeat_revocations
from subgraphs.users.domain.rejections import (
    CredentialsInvalid,
    EmailTaken,
    RefreshTokenInvalid,
    SessionNotFound,
    TooManyFailures,
)
from subgraphs.users.domain.tokens import REFRESH_GRACE, UNKNOWN_ORIGIN, EndReason, LoggedIn, Origin
from tests.fakes.users import FAILURES, PasswordsTwin, UsersTwin

ADA = Register("Ada@example.com", "Ada", "long enough")


@pytest.fixture
def users() -> UsersTwin:
    return UsersTwin()


async def registered(users: UsersTwin, command: Register = ADA) -> LoggedIn:
    return await users.perform_alone(register, command)


async def logged_in(users: UsersTwin, email: str = "ada@EXAMPLE.com", password: str = ADA.password) -> LoggedIn:
    return await users.perform_alone(log_in, LogIn(email, password))


async def refreshed(users: UsersTwin, token: str) -> str:
    return (await users.perform_alone(refresh_session, RefreshSession(token))).refresh_token


async def test_who_registers_is_logged_in_and_told_of_once(users: UsersTwin) -> None:
    begun = await registered(users)
    assert begun.tokens.access_token == f"token of {begun.user_id}"
    assert await refreshed(users, begun.tokens.refresh_token)
    (told,) = users.events.events
    assert (told.key, told.payload["email"], told.payload["name"]) == (begun.user_id, "Ada@example.com", "Ada")


async def test_a_registration_that_is_repeated_soon_is_answered_as_the_first_time(users: UsersTwin) -> None:
    first = await registered(users)
    again = await registered(users, replace(ADA, email="ADA@example.com"))
    assert (again.user_id, len(users.sessions.known), len(users.events.events)) == (first.user_id, 2, 1)


async def test_another_password_or_an_older_account_is_somebody_elses(users: UsersTwin) -> None:
    await registered(users)
    with pytest.raises(EmailTaken):
        await registered(users, replace(ADA, password="another one"))
    users.accounts.age(ADA.email)
    with pytest.raises(EmailTaken):
        await registered(users)
    assert len(users.sessions.known) == 1


async def test_a_registration_is_no_way_to_guess_a_password(users: UsersTwin) -> None:
    await registered(users)
    for number in range(FAILURES):
        with pytest.raises(EmailTaken):
            await registered(users, replace(ADA, password=f"wrong one {number}"))
    with pytest.raises(TooManyFailures):
        await registered(users)


async def test_an_address_that_was_taken_a_moment_ago_is_looked_at_once_more(users: UsersTwin) -> None:
    class TakenMeanwhile(PasswordsTwin):
        async def hash(self, password: str) -> str:
            users.passwords = PasswordsTwin()
            await registered(users)
            return await super().hash(password)

    users.passwords = TakenMeanwhile()
    begun = await registered(users)
    assert users.passwords.checked == [ADA.password]
    assert [each.session.user_id for each in users.sessions.known.values()] == [begun.user_id] * 2
    assert len(users.events.events) == 1


async def test_a_log_in_begins_a_session_whatever_the_case_of_the_address(users: UsersTwin) -> None:
    opened = await registered(users)
    assert (await logged_in(users)).user_id == opened.user_id
    assert len(users.sessions.known) == 2


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "no address", ""])
async def test_an_unknown_address_is_answered_as_a_wrong_password_after_as_many_hashes(
    users: UsersTwin, email: str
) -> None:
    await registered(users)
    with pytest.raises(CredentialsInvalid):
        await logged_in(users, email, "wrong password")
    assert users.passwords.checked == ["wrong password"]
    assert users.throttle.failures.total() == 1


async def test_ten_failures_shut_an_address_and_no_other(users: UsersTwin) -> None:
    await registered(users)
    await registered(users, replace(ADA, email="bob@example.com"))
    for _ in range(FAILURES):
        with pytest.raises(CredentialsInvalid):
            await logged_in(users, password="wrong password")
    with pytest.raises(TooManyFailures):
        await logged_in(users)
    assert await logged_in(users, "bob@example.com")


async def test_a_hash_of_a_former_cost_is_renewed_by_a_log_in(users: UsersTwin) -> None:
    await registered(users)
    users.passwords.cost = "dearer"
    for _ in range(2):
        await logged_in(users)
    stored = await users.accounts.by_email(ADA.email)
    assert stored is not None
    assert stored.password_hash == "dearer:long enough"


async def test_a_token_that_comes_again_soon_is_answered_as_the_first_time(users: UsersTwin) -> None:
    first = (await registered(users)).tokens.refresh_token
    second = await refreshed(users, first)
    third = await refreshed(users, second)
    users.sessions.passed += REFRESH_GRACE - timedelta(seconds=1)
    assert [await refreshed(users, token) for token in (first, second)] == [second, third]


async def test_a_refresh_token_that_comes_again_later_ends_the_session(
    users: UsersTwin, caplog: pytest.LogCaptureFixture
) -> None:
    first = (await registered(users)).tokens.refresh_token
    second = await refreshed(users, first)
    users.sessions.passed += REFRESH_GRACE
    with pytest.raises(RefreshTokenInvalid), caplog.at_level(logging.WARNING):
        await refreshed(users, first)
    assert "came a second time" in caplog.text
    with pytest.raises(RefreshTokenInvalid):
        await refreshed(users, second)


async def test_an_unknown_refresh_token_ends_nothing(users: UsersTwin) -> None:
    token = (await registered(users)).tokens.refresh_token
    with pytest.raises(RefreshTokenInvalid):
        await refreshed(users, "unknown")
    assert await refreshed(users, token)


async def test_what_has_expired_is_worth_nothing_and_forgotten(users: UsersTwin) -> None:
    token = (await registered(users)).tokens.refresh_token
    await logged_in(users)
    _expire(users, token)
    with pytest.raises(RefreshTokenInvalid):
        await refreshed(users, token)
    await users.perform_alone(forget_sessions, ForgetSessions())
    assert len(users.sessions.known) == 1


def _expire(users: UsersTwin, token: str) -> UUID:
    ((session_id, known),) = [item for item in users.sessions.known.items() if token in item[1].tokens]
    known.tokens[token] = replace(known.tokens[token], expires_at=datetime.now(UTC))
    return session_id


async def test_a_session_that_ends_is_told_of_with_its_reason_and_refused(users: UsersTwin) -> None:
    user_id = (await registered(users)).user_id
    here, there, elsewhere = [(await users.sessions.begin(user_id, UNKNOWN_ORIGIN))[0].id for _ in range(3)]
    await users.perform_alone(log_out, EndSession(user_id, here))
    await users.perform_alone(end_session, EndSession(user_id, there))
    assert await users.perform_alone(end_sessions, EndSessions(user_id, elsewhere)) == 1
    told = [(event.payload["sessionId"], event.payload["reason"]) for event in users.events.events[1:]]
    assert told[:2] == [(here, EndReason.LOGGED_OUT), (there, EndReason.REVOKED)]
    assert [reason for _, reason in told[2:]] == [EndReason.LOGGED_OUT_EVERYWHERE]
    assert users.revocations.refused == {session_id for session_id, _ in told}
    assert users.reports.counted["begun"] == 1
    assert [users.reports.counted[reason] for _, reason in told] == [1, 1, 1]


async def test_somebody_elses_session_is_neither_ended_nor_refused(users: UsersTwin) -> None:
    ada = await registered(users)
    (session_id,) = users.sessions.known
    with pytest.raises(SessionNotFound):
        await users.perform_alone(end_session, EndSession(new_id(), session_id))
    await users.perform_alone(log_out, EndSession(new_id(), session_id))
    assert users.revocations.refused == set()
    assert await refreshed(users, ada.tokens.refresh_token)


async def test_what_could_not_be_told_is_told_once_more(users: UsersTwin) -> None:
    user_id = (await registered(users)).user_id
    (session_id,) = users.sessions.known
    users.revocations.is_away = True
    await users.perform_alone(log_out, EndSession(user_id, session_id))
    await users.perform_alone(repeat_revocations, RepeatRevocations())
    assert users.revocations.refused == set()
    users.revocations.is_away = False
    await users.perform_alone(repeat_revocations, RepeatRevocations())
    assert users.revocations.refused == {session_id}


async def test_a_stolen_token_is_counted_and_told_of_and_a_repeated_one_is_no_theft(users: UsersTwin) -> None:
    token = (await registered(users)).tokens.refresh_token
    for _ in range(3):
        await refreshed(users, token)
    assert users.reports.counted == {"begun": 1, "refreshed": 1, "in grace": 2}
    users.sessions.passed += REFRESH_GRACE
    for _ in range(2):
        with pytest.raises(RefreshTokenInvalid):
            await refreshed(users, token)
    assert users.reports.counted[EndReason.REUSED] == 1
    assert [event.payload.get("reason") for event in users.events.events] == [None, EndReason.REUSED]
    assert users.revocations.refused == set(users.sessions.known)


async def test_a_session_keeps_where_it_was_last_gone_on_with(users: UsersTwin) -> None:
    laptop = Origin("Firefox", "192.0.2.7")
    token = (await registered(users, replace(ADA, origin=laptop))).tokens.refresh_token
    (known,) = users.sessions.known.values()
    assert known.origin == laptop
    for origin in (Origin("Phone", None), UNKNOWN_ORIGIN):
        token = (await users.perform_alone(refresh_session, RefreshSession(token, origin))).refresh_token
    assert known.origin == Origin("Phone", "192.0.2.7")
