"""Somebody signs in for a client, and grants it what it asks for."""

from dataclasses import dataclass, field
from uuid import UUID

from subgraphs.users.commands.log_in import LogIn, authenticate
from subgraphs.users.domain.openid import NewCode
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import CredentialsInvalid


@dataclass(frozen=True, slots=True)
class AuthorizeClient:
    """What was typed, and what the client asks for."""

    email: str
    password: str = field(repr=False)
    client_id: UUID
    redirect_uri: str
    scope: str
    code_challenge: str
    nonce: str | None = None


async def authorize_client(command: AuthorizeClient, work: UsersWork) -> str:
    """An authorization code.

    Raises:
        CredentialsInvalid, TooManyFailures, RateLimited: as ``log_in`` does.
    """
    user_id = await authenticate(LogIn(command.email, command.password), work)
    if user_id is None:
        raise CredentialsInvalid
    granted = NewCode(
        command.client_id, user_id, command.redirect_uri, command.scope, command.code_challenge, command.nonce
    )
    return await work.codes.issue(granted)
