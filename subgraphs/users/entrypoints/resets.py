"""Answers who has forgotten a password, a moment after they were answered that they will be."""

import asyncio
import contextlib

from shared.persistence.work import UnitOfWork
from subgraphs.users.commands.request_password_reset import AnswerResetRequests, answer_reset_requests
from subgraphs.users.domain.ports import UsersWork

_BATCH = 50
_LOOKED_AT_SECONDS = 0.5


class ResetAnswers:
    """Looks twice a second for requests. Several replicas may."""

    def __init__(self, work: UnitOfWork[UsersWork]) -> None:
        self._work = work

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set."""
        while not stop.is_set():
            if await self._work.perform(answer_reset_requests, AnswerResetRequests(_BATCH)) == 0:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), _LOOKED_AT_SECONDS)
