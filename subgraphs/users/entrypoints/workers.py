"""What users does by itself."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from shared.persistence.work import UnitOfWork
from subgraphs.users.commands.forget_links import ForgetLinks, forget_links
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.repeat_revocations import RepeatRevocations, repeat_revocations
from subgraphs.users.domain.ports import UsersWork

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 3600.0
_LOOKED_AT_SECONDS = 60.0
_REPEATED_SECONDS = 1.0


class Expiry:
    """Forgets sessions and mailed links whose time is over, every hour."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            await self._work.perform_alone(forget_sessions, ForgetSessions())
            await self._work.perform_alone(forget_links, ForgetLinks())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


class KeyRotation:
    """Rotates the keys of access tokens by a schedule; ``take_step`` does so when a step is due, and says which.

    Where the file is changed otherwise meanwhile, what was done last counts.
    """

    def __init__(self, take_step: Callable[[], str | None]) -> None:
        self._take_step = take_step

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            self._look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOKED_AT_SECONDS)

    def _look(self) -> None:
        try:
            if step := self._take_step():
                logger.info("the keys of access tokens were rotated: %s", step)
        except (ValueError, OSError) as error:
            logger.error("the keys of access tokens can't be rotated: %s", error)


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
