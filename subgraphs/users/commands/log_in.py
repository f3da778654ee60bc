"""Exchanges an address and a password for tokens."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.email import LONGEST
from shared.runtime.callers import require_caller
from shared.text import trimmed
from subgraphs.users.commands.attempt import attempt_at
from subgraphs.users.domain.account import LONGEST_PASSWORD, Credentials
from subgraphs.users.domain.ports import Passwords, UsersWork
from subgraphs.users.domain.rejections import CredentialsInvalid, TooManyFailures
from subgraphs.users.domain.tokens import UNKNOWN_ORIGIN, LoggedIn, Origin, TokenPair

_LONGEST_TYPED = 2 * LONGEST  # blanks around an address are let pass


@dataclass(frozen=True, slots=True)
class LogIn:
    """What was typed, and where."""

    email: str
    password: str = field(repr=False)
    origin: Origin = UNKNOWN_ORIGIN


async def log_in(command: LogIn, work: UsersWork) -> LoggedIn:
    """Begins a session.

    Raises:
        CredentialsInvalid: the same for an unknown address as for a wrong password, and after the same time.
        TooManyFailures: after ten failures for the address, or thirty from where it comes, in the minute before; where
            the account's owner was before, after ten from there.
        RateLimited: when too many wait for a slot.
    """
    user_id = await authenticate(command, work)
    if user_id is None:
        raise CredentialsInvalid
    require_caller()
    session, refresh = await work.sessions.begin(user_id, command.origin)
    work.reports.begun()
    return LoggedIn(user_id, TokenPair(work.access_tokens.issue(session), refresh))


async def authenticate(command: LogIn, work: UsersWork) -> UUID | None:
    """Whose address and password these are, or None.

    Raises:
        TooManyFailures, RateLimited: as ``log_in`` does.
    """
    email, password = command.email, command.password
    if len(password) > LONGEST_PASSWORD or len(email) > _LONGEST_TYPED:
        await _take_as_long(work.passwords)
        return None
    # The throttle is asked within the slot: of a thousand guesses sent at once,
    # those that wait see the failures of the first.
    async with work.passwords.slot():
        known = await work.accounts.by_email(email) if trimmed(email).isprintable() else None
        attempt = await attempt_at(known, email, command.origin, work)
        if not await work.throttle.admits(attempt):
            raise TooManyFailures
        matches = await work.passwords.matches(password, known.password_hash if known else None)
        if known is None or not matches:
            await work.throttle.count_failure(attempt)
            return None
        await _renew_hash(known, password, work)
        return known.user_id


async def _take_as_long(passwords: Passwords) -> None:
    """Nobody has such credentials, and nothing is made of them.

    The answer takes as long as that to a wrong password.
    """
    async with passwords.slot():
        await passwords.matches("", None)


async def _renew_hash(credentials: Credentials, password: str, work: UsersWork) -> None:
    """Only a log-in knows the password, so it is the moment to hash it at today's cost."""
    if work.passwords.is_outdated(credentials.password_hash):
        await work.accounts.replace_hash(credentials, await work.passwords.hash(password))
