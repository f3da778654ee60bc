"""Asks for the password of now, before what only an account's owner may do."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from subgraphs.users.commands.mailed_links import locked_profile
from subgraphs.users.domain.account import LONGEST_PASSWORD
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.profile import Profile
from subgraphs.users.domain.rejections import AccountGone, PasswordWrong, TooManyFailures
from subgraphs.users.domain.tokens import Attempt

Outcome = TypeVar("Outcome")


async def with_known_password(
    user_id: UUID, password: str, work: UsersWork, then: Callable[[Profile, str], Awaitable[Outcome]]
) -> Outcome:
    """What ``then`` makes of the account and its hash, within the slot that the password was checked in.

    A wrong one counts as a failed log-in: a stolen session is no way to guess.

    Raises:
        AccountGone, PasswordWrong, TooManyFailures
        RateLimited: when too many wait for a slot.
    """
    if len(password) > LONGEST_PASSWORD:
        raise PasswordWrong
    async with work.passwords.slot():
        profile, known = await work.profiles.of(user_id), await work.profiles.password_hash(user_id)
        if profile is None or known is None:
            raise AccountGone(user_id)
        attempt = Attempt(profile.email)
        if not await work.throttle.admits(attempt):
            raise TooManyFailures
        if not await work.passwords.matches(password, known):
            await work.throttle.count_failure(attempt)
            raise PasswordWrong
        return await then(profile, known)


async def locked_with_hash(user_id: UUID, known: str, work: UsersWork) -> Profile:
    """The account, locked, if its password is still the one that was checked.

    Raises:
        AccountGone, PasswordWrong
    """
    profile = await locked_profile(user_id, work)
    if await work.profiles.password_hash(user_id) != known:
        raise PasswordWrong
    return profile
