"""What users does by itself."""

import asyncio
import contextlib

from shared.persistence.work import UnitOfWork
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.repeat_revocations import RepeatRevocations, repeat_revocations
from subgraphs.users.domain.ports import UsersWork

_EVERY_SECONDS = 3600.0
_REPEATED_SECONDS = 1.0


class Expiry:
    """Forgets sessions whose time is over, every hour."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            await self._work.perform_alone(forget_sessions, ForgetSessions())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


class Repetition:
    """Tells once a second of the sessions that ended lately: what was lost on its way, or by Valkey, is known again."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            await self._work.perform_alone(repeat_revocations, RepeatRevocations())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _REPEATED_SECONDS)
