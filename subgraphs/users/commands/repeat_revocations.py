"""Tells once more of the sessions that ended lately."""

from dataclasses import dataclass

from subgraphs.users.domain.ports import UsersWork


@dataclass(frozen=True, slots=True)
class RepeatRevocations:
    """Those whose access tokens may still be good."""


async def repeat_revocations(_: RepeatRevocations, work: UsersWork) -> None:
    """What could not be told when a session ended, or was forgotten since, is known again."""
    machines = await work.client_tokens.machines_ended_lately()
    await work.revocations.tell([*await work.sessions.ended_lately(), *machines])
