"""Opens an account.

A caller whose answer was lost does not know of the account that it opened, and asks again. So whoever registers an address a second
time soon, with the same password, is answered as the first time; the throttle of log-ins keeps that from being a way to guess.
"""

from uuid import UUID

from shared.errors import UserError, UserErrors
from shared.persistence import db
from shared.persistence.outbox import publish
from shared.runtime.callers import require_caller
from subgraphs.users.domain.events import user_registered
from subgraphs.users.domain.registration import Registration, checked_registration
from subgraphs.users.domain.tokens import RefreshToken, TokenPair
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.accounts import Credentials, account_of, insert_account
from subgraphs.users.infrastructure.passwords import Passwords
from subgraphs.users.infrastructure.sessions import begin_session
from subgraphs.users.infrastructure.throttle import LoginThrottle


async def register(
    email: str, password: str, name: str, passwords: Passwords, throttle: LoginThrottle, tokens: AccessTokens
) -> tuple[UUID, TokenPair]:
    """Opens an account, logs it in, and answers its id and its tokens. Nothing is done for a caller who went meanwhile.

    Raises:
        UserErrors: INVALID, EMAIL_TAKEN.
        RateLimited: when too many wait for their turn, or after ten wrong passwords for an account that was opened a moment ago.
        CallerGone, Unavailable: when the caller goes, or has waited too long, before the account is opened.
    """
    account = checked_registration(email, password, name)
    known = await account_of(account.email)
    opened = None if known else await _opened(account, password, passwords)
    if opened is None:  # there is one, perhaps since a moment ago
        user_id = await _opened_before(known or await account_of(account.email), account, password, passwords, throttle)
        opened = user_id, await begin_session(user_id)
    user_id, refresh = opened
    return user_id, TokenPair(tokens.issue(user_id), refresh)


async def _opened(account: Registration, password: str, passwords: Passwords) -> tuple[UUID, RefreshToken] | None:
    """A new account with a session, or None when the address has one already."""
    async with passwords.turn():
        password_hash = await passwords.hash(password)
    require_caller()
    async with db.transaction():
        opened = await insert_account(account, password_hash)
        if opened is None:
            return None
        user_id, opened_at = opened
        await publish(user_registered(user_id, account.email, account.name, opened_at))
        return user_id, await begin_session(user_id)


async def _opened_before(
    known: Credentials | None, account: Registration, password: str, passwords: Passwords, throttle: LoginThrottle
) -> UUID:
    """The id of the caller's own account, which was opened a moment ago; raises UserErrors for any other."""
    taken = UserErrors(
        UserError("EMAIL_TAKEN", "This e-mail address has an account; log in, or use another.", ("email",))
    )
    if known is None or not known.is_new:
        raise taken
    async with passwords.turn():
        await throttle.admit(account.email)
        if not await passwords.matches(password, known.password_hash):
            await throttle.count_failure(account.email)
            raise taken
    require_caller()
    return known.user_id
