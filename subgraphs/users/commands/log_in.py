"""Exchanges an address and a password for tokens."""

from uuid import UUID

from shared import email as addresses
from shared.errors import UserError, UserErrors
from shared.runtime.callers import require_caller
from subgraphs.users.domain.registration import LONGEST_PASSWORD
from subgraphs.users.domain.tokens import TokenPair
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.accounts import Credentials, credentials_of, replace_password_hash
from subgraphs.users.infrastructure.passwords import Passwords
from subgraphs.users.infrastructure.sessions import begin_session
from subgraphs.users.infrastructure.throttle import LoginThrottle

_LONGEST_TYPED = 2 * addresses.LONGEST  # blanks around an address are let pass


async def log_in(
    email: str, password: str, passwords: Passwords, throttle: LoginThrottle, tokens: AccessTokens
) -> tuple[UUID, TokenPair]:
    """Begins a session and answers whose it is and its tokens.

    Raises:
        UserErrors: CREDENTIALS_INVALID, the same for an unknown address as for a wrong password, and after the same time.
        RateLimited: after ten failures for the address in the minute before, and when too many wait for their turn.
    """
    user_id = await _authenticate(email, password, passwords, throttle)
    if user_id is None:
        raise UserErrors(UserError("CREDENTIALS_INVALID", "No account has this e-mail address and password."))
    require_caller()
    refresh = await begin_session(user_id)
    return user_id, TokenPair(tokens.issue(user_id), refresh)


async def _authenticate(email: str, password: str, passwords: Passwords, throttle: LoginThrottle) -> UUID | None:
    if len(password) > LONGEST_PASSWORD or len(email) > _LONGEST_TYPED:
        await _refuse_as_any(passwords)
        return None
    # The throttle is asked within the turn: of a thousand guesses sent at once, those that wait see the failures of the first.
    async with passwords.turn():
        await throttle.admit(email)
        credentials = await credentials_of(email)
        matches = await passwords.matches(password, credentials.password_hash if credentials else None)
        if credentials is None or not matches:
            await throttle.count_failure(email)
            return None
        await _renew_hash(credentials, password, passwords)
        return credentials.user_id


async def _refuse_as_any(passwords: Passwords) -> None:
    """Nobody has such credentials, and nothing is made of them: the answer takes as long as that to a wrong password."""
    async with passwords.turn():
        await passwords.matches("", None)


async def _renew_hash(credentials: Credentials, password: str, passwords: Passwords) -> None:
    """Only a log-in knows the password, so it is the moment to hash it at today's cost."""
    if passwords.is_outdated(credentials.password_hash):
        await replace_password_hash(credentials, await passwords.hash(password))
