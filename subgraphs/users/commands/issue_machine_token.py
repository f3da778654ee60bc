"""Gives a machine an access token of its own."""

from dataclasses import dataclass, replace

from subgraphs.users.domain.openid import Client
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import AccessToken


@dataclass(frozen=True, slots=True)
class IssueMachineToken:
    """A client that proved who it is; ``scope`` is within what it was registered with."""

    client: Client
    scope: str


async def issue_machine_token(command: IssueMachineToken, work: UsersWork) -> AccessToken:
    """The token. It is not renewed: the machine asks for another."""
    session = await work.client_tokens.begin_machines(command.client.id)
    return work.access_tokens.issue(replace(session, scope=command.scope))
