"""Opens an account."""

from uuid import UUID

from shared import db
from shared.errors import UserError, UserErrors
from shared.outbox import publish
from subgraphs.users.domain.events import user_registered
from subgraphs.users.domain.registration import checked_registration
from subgraphs.users.domain.tokens import TokenPair
from subgraphs.users.infrastructure.access_tokens import AccessTokens
from subgraphs.users.infrastructure.accounts import insert_account
from subgraphs.users.infrastructure.passwords import Passwords
from subgraphs.users.infrastructure.sessions import begin_session


async def register(email: str, password: str, name: str, passwords: Passwords, tokens: AccessTokens) -> tuple[UUID, TokenPair]:
    """Opens an account, logs it in, and answers its id and its tokens.

    Raises:
        UserErrors: INVALID, EMAIL_TAKEN.
        RateLimited: when too many wait for their turn.
    """
    account = checked_registration(email, password, name)
    async with passwords.turn():
        password_hash = await passwords.hash(password)
    async with db.transaction():
        opened = await insert_account(account, password_hash)
        if opened is None:
            raise UserErrors(UserError("EMAIL_TAKEN", "This e-mail address has an account; log in, or use another.", ("email",)))
        user_id, opened_at = opened
        await publish(user_registered(user_id, account.email, account.name, opened_at))
        refresh = await begin_session(user_id)
    return user_id, TokenPair(tokens.issue(user_id), refresh)
