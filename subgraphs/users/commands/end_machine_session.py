"""Ends what a machine's access token opens."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class EndMachineSession:
    """A session of a machine."""

    client_id: UUID
    session_id: UUID


async def end_machine_session(command: EndMachineSession, work: UsersWork) -> None:
    """It is refused within a second; one that has ended stays so."""
    await work.revocations.tell(await work.client_tokens.end_machines(command.client_id, command.session_id))
