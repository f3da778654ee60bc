"""Takes a saga from step to step: each is recorded, tried, and followed by what its table in ``domain/fulfilment.py``
says.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from shared.errors import ServiceError
from shared.runtime.faults import fault_point
from shared.telemetry.context import continued
from shared.telemetry.metrics import measured
from shared.telemetry.tracing import span
from subgraphs.orders.domain.fulfilment import Kind, Saga, Step, Transitions, pause_before_look, pause_before_retry
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.sagas import reports
from subgraphs.orders.sagas.attempts import Attempt
from subgraphs.orders.sagas.following import Following, GoesOn, Paused, Stopped, TakenOver, TurnEnd


class Steps(Protocol):
    """What one kind of saga does at each step, and what it records of it."""

    @property
    def transitions(self) -> Transitions:
        """Which step follows which."""

    async def attempt(self, saga: Saga, work: OrdersWork) -> Attempt:
        """Tries what the saga is at.

        Raises:
            ServiceError: when the outcome is unknown; the step has to be tried again.
        """

    async def record(self, saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
        """Records what follows, unless another worker has the saga now."""


@dataclass(frozen=True, slots=True)
class RunSaga:
    """A claimed saga, and what is set when its worker is to stop."""

    saga: Saga
    stop: asyncio.Event


class SagaRunner:
    """Brings sagas of all kinds to their ends."""

    def __init__(self, kinds: Mapping[Kind, Steps]) -> None:
        self._kinds = kinds

    async def run(self, command: RunSaga, work: OrdersWork) -> TurnEnd:
        """Goes on until the saga's end, until a step has to be tried again later, or until the worker is to stop.

        It is performed alone: what it waits for takes long.
        """
        saga = command.saga
        with continued(saga.trace):
            while not command.stop.is_set():
                following = await self._following(saga, work)
                if not isinstance(following, GoesOn):
                    return following
                saga = following.saga
            await work.sagas.postpone(saga, 0, None)
            return Stopped()

    async def _following(self, saga: Saga, work: OrdersWork) -> Following:
        try:
            return await self._take_step(saga, work)
        except ServiceError as error:
            pause = pause_before_retry(saga.attempts, random.random())  # noqa: S311 - spreads retries, hides nothing
            reports.retried(saga, error, pause, work.reports)
            return await _later(saga, pause, f"{saga.step}: {error.code}: {error.message}", work)

    async def _take_step(self, saga: Saga, work: OrdersWork) -> Following:
        steps = self._kinds[saga.kind]
        with measured("saga", saga.step), span(f"saga {saga.kind} {saga.step}"):
            await fault_point(f"orders.{saga.step}.before")
            attempt = await steps.attempt(saga, work)
            await fault_point(f"orders.{saga.step}.after")
            step = steps.transitions[saga.step, attempt.outcome]
            if step is saga.step:
                return await _later(saga, pause_before_look(saga.attempts), None, work)
            reports.failed(saga, attempt, step)
            return await steps.record(saga, attempt, step, work)


async def _later(saga: Saga, pause: float, error: str | None, work: OrdersWork) -> Paused | TakenOver:
    if await work.sagas.postpone(saga, pause, error):
        return Paused(pause)
    return reports.taken_over(saga, work.reports)
