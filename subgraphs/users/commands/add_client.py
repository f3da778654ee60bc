"""Registers a client of the OpenID provider."""

from dataclasses import dataclass, field
from uuid import UUID

from subgraphs.users.domain.openid import NewClient
from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class AddClient:
    """A client whose addresses and scopes were checked."""

    client: NewClient


@dataclass(frozen=True, slots=True)
class AddedClient:
    """What its team is told, once."""

    id: UUID
    secret: str | None = field(repr=False)


async def add_client(command: AddClient, work: UsersWork) -> AddedClient:
    """The client's id, and its secret unless it is public."""
    client, secret = await work.clients.add(command.client)
    return AddedClient(client.id, secret)
