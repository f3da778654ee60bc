"""The unit of work: a handler runs in one transaction, with its events and the answer to its idempotency key.

Handlers know nothing of transactions: whoever wants one thing done has one handler performed.
Source of the pattern: Martin Fowler, "Unit of Work", Patterns of Enterprise Application Architecture.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import asyncpg

from shared.events.event import Recorder
from shared.persistence import db
from shared.persistence.idempotency import Answer, replayable, replayable_at_provider
from shared.persistence.outbox import publish

Work = TypeVar("Work")
Command = TypeVar("Command")
Outcome = TypeVar("Outcome")
Reply = TypeVar("Reply")
Handler = Callable[[Command, Work], Awaitable[Outcome]]

_ATTEMPTS = 3
_RETRIED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


def _always(_: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Once(Generic[Outcome, Reply]):
    """A request that carries an idempotency key, and how its answer is kept.

    ``scope`` is who asks for what, ``request`` what the key is bound to,
    ``as_before`` the same as older keys are bound to it. An outcome that ``is_final`` denies, such as "ask the buyer
    first", is answered and not kept; only ``perform_once_alone`` asks.
    """

    scope: str
    key: str
    request: bytes
    kept: Callable[[Outcome], str]
    answered: Callable[[str], Reply]
    as_before: bytes | None = None
    is_final: Callable[[Outcome], bool] = _always


class UnitOfWork(Generic[Work]):
    """Performs handlers. ``begin`` makes the work that each of them gets: the subgraph's repositories."""

    def __init__(self, begin: Callable[[Recorder], Work]) -> None:
        self._begin = begin

    async def perform(self, handler: Handler[Command, Work, Outcome], command: Command) -> Outcome:
        """What the handler answers. Within a transaction, as that of an event's inbox, it is a part of that one.

        Raises:
            Rejection: what the domain rejects; then nothing was changed.
        """
        if db.is_in_transaction():
            return await self._run(handler, command)
        return await _retried(lambda: self._in_transaction(handler, command))

    async def perform_once(
        self, handler: Handler[Command, Work, Outcome], command: Command, once: Once[Outcome, Reply]
    ) -> Reply:
        """The handler's answer; the same key and request get the first one again, without a second effect.

        Raises:
            Rejection: what the domain rejects; then nothing was changed, and the key can be used again.
            BadUserInput, Conflict, Unavailable: as ``shared.persistence.idempotency.replayable`` does.
        """

        async def effect() -> str:
            return once.kept(await self._run(handler, command))

        kept = await _retried(lambda: replayable(once.scope, once.key, once.request, effect, as_before=once.as_before))
        return once.answered(kept)

    async def perform_alone(self, handler: Handler[Command, Work, Outcome], command: Command) -> Outcome:
        """The answer of a handler that has no transaction: what its repositories do counts at once, call by call.

        For handlers that wait for others (password hashes, payment providers), or whose effect is a single statement.
        What belongs together they have done as a ``step``.

        Raises:
            Rejection: what the domain rejects.
            RuntimeError: when it recorded an event outside of a step: without a transaction that could be lost.
        """
        recorder = Recorder()
        outcome = await handler(command, self._begin(recorder))
        if recorder.events:
            raise RuntimeError("events are recorded in a step: without a transaction they could be lost")
        return outcome

    async def perform_once_alone(
        self, handler: Handler[Command, Work, Outcome], command: Command, once: Once[Outcome, Reply]
    ) -> Reply:
        """As ``perform_once``, of a handler that is performed alone since it waits for a provider.

        Read what ``shared.persistence.idempotency.replayable_at_provider`` asks of it.

        Raises:
            Rejection: what the domain rejects; the key stays bound to the request.
            BadUserInput, Conflict, Unavailable: as ``replayable_at_provider`` does.
        """

        async def effect() -> Answer:
            outcome = await self.perform_alone(handler, command)
            return Answer(once.kept(outcome), once.is_final(outcome))

        kept = await replayable_at_provider(once.scope, once.key, once.request, effect, as_before=once.as_before)
        return once.answered(kept)

    async def step(self, step: Callable[[Work], Awaitable[Outcome]]) -> Outcome:
        """A step of a handler that is performed alone, as ``shared.transaction.Transaction`` has it."""

        async def handler(_: None, work: Work) -> Outcome:
            return await step(work)

        return await self.perform(handler, None)

    async def _in_transaction(self, handler: Handler[Command, Work, Outcome], command: Command) -> Outcome:
        async with db.transaction():
            return await self._run(handler, command)

    async def _run(self, handler: Handler[Command, Work, Outcome], command: Command) -> Outcome:
        recorder = Recorder()
        outcome = await handler(command, self._begin(recorder))
        if recorder.events:
            await publish(*recorder.events)
        return outcome


async def _retried(transaction: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Postgres ends one of two transactions that are in each other's way, and wants that one repeated."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return await transaction()
        except _RETRIED:
            continue
    return await transaction()
