"""Who guesses passwords is slowed down, and the owner of the account is not."""

from dataclasses import replace

import pytest

from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.register import Register, register
from subgraphs.users.domain.rejections import CredentialsInvalid, EmailTaken, TooManyFailures
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN, Origin
from tests.fakes.users import FAILURES, FAILURES_OF_A_NETWORK, UsersTwin

HOME, STRANGER, OTHER = (Origin(place=place) for place in ("192.0.2.7", "198.51.100.9", "203.0.113.1"))
ADA = Register("ada@example.com", "Ada", "long enough for Ada", HOME)


@pytest.fixture
async def users() -> UsersTwin:
    users = UsersTwin()
    await users.perform_alone(register, ADA)
    return users


async def enters(users: UsersTwin, origin: Origin, email: str = ADA.email) -> bool:
    """Whether the right password is let in; fails for any other answer than that nobody may try."""
    try:
        await users.perform_alone(log_in, LogIn(email, ADA.password, origin))
    except TooManyFailures:
        return False
    return True


async def guesses(users: UsersTwin, origin: Origin, email: str = ADA.email, times: int = FAILURES) -> None:
    for _ in range(times):
        with pytest.raises(CredentialsInvalid):
            await users.perform_alone(log_in, LogIn(email, "wrong password", origin))


async def test_strangers_who_guess_shut_out_strangers_and_not_the_owner(users: UsersTwin) -> None:
    await guesses(users, STRANGER)
    assert not await enters(users, STRANGER)
    assert not await enters(users, OTHER)
    assert not await enters(users, UNKNOWN_ORIGIN)
    assert await enters(users, HOME)


async def test_who_guesses_from_the_owners_place_shuts_that_place_alone(users: UsersTwin) -> None:
    await guesses(users, HOME)
    assert not await enters(users, HOME)
    assert await enters(users, OTHER)


async def test_a_household_of_ipv6_is_one_place(users: UsersTwin) -> None:
    await users.perform_alone(log_in, LogIn(ADA.email, ADA.password, Origin(place="2001:db8::7")))
    await guesses(users, STRANGER)
    assert await enters(users, Origin(place="2001:db8::ffff:1"))
    assert not await enters(users, Origin(place="2001:db8:0:1::7"))


async def test_one_network_guesses_at_few_accounts_a_minute(users: UsersTwin) -> None:
    for number in range(FAILURES_OF_A_NETWORK):
        await guesses(users, STRANGER, f"{number}@example.com", times=1)
    checked = len(users.passwords.checked)
    assert not await enters(users, STRANGER)
    assert len(users.passwords.checked) == checked, "nothing is hashed for whoever may not try"
    assert await enters(users, OTHER)


async def test_guesses_at_a_new_account_by_registering_count_too(users: UsersTwin) -> None:
    for _ in range(FAILURES):
        with pytest.raises(EmailTaken):
            await users.perform_alone(register, replace(ADA, password="wrong password", origin=STRANGER))
    assert not await enters(users, STRANGER)
    assert await enters(users, HOME)
