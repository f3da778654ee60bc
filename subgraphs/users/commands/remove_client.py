"""Takes a client's registration away, and all that was issued to it."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.commands.revocation import revoked
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import ClientNotFound
from subgraphs.users.domain.tokens import EndReason


@dataclass(frozen=True, slots=True)
class RemoveClient:
    """The client."""

    client_id: UUID


async def remove_client(command: RemoveClient, work: UsersWork) -> None:
    """Nothing that the client holds opens anything within a second.

    Raises:
        ClientNotFound
    """
    if not await work.clients.remove(command.client_id):
        raise ClientNotFound
    await revoked(lambda _: work.client_tokens.end_all(command.client_id), EndReason.REVOKED, work)
    await work.revocations.tell(await work.client_tokens.end_machines(command.client_id))
