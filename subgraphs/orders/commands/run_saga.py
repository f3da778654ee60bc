"""Takes a saga from step to step: each is recorded, tried, and followed by what its table in ``domain/fulfilment.py`` says."""

import asyncio
import logging
import random
from collections.abc import Mapping
from typing import Protocol, TypeAlias

from shared.errors import ServiceError
from shared.runtime.faults import fault_point
from shared.telemetry.context import continued
from shared.telemetry.metrics import measured
from shared.telemetry.tracing import span
from subgraphs.orders.commands.try_step import Attempt
from subgraphs.orders.domain.fulfilment import Kind, Saga, Step, Transitions, pause_before_look, pause_before_retry
from subgraphs.orders.infrastructure.metrics import FENCED, RETRIES, STUCK
from subgraphs.orders.infrastructure.sagas import park, postpone

logger = logging.getLogger(__name__)

# The saga at its next step, the seconds after which to claim it again, or None at its end and when another worker has it.
Following: TypeAlias = Saga | float | None


class Steps(Protocol):
    """What one kind of saga does at each step, and what it records of it."""

    transitions: Transitions

    async def attempt(self, saga: Saga) -> Attempt:
        """Tries what the saga is at.

        Raises:
            ServiceError: when the outcome is unknown; the step has to be tried again.
        """

    async def record(self, saga: Saga, attempt: Attempt, step: Step) -> Following:
        """Records what follows, unless another worker has the saga now (``fenced``)."""


class SagaRunner:
    """Brings sagas of all kinds to their ends."""

    def __init__(self, kinds: Mapping[Kind, Steps]) -> None:
        self._kinds = kinds

    async def run(self, saga: Saga, stop: asyncio.Event) -> float | None:
        """Goes on with a claimed saga until its end, until a step has to be tried again later, or until ``stop`` is set.

        Answers the seconds after which to claim it again, or None when nothing of it is left to do here.
        """
        with continued(saga.trace):
            while not stop.is_set():
                try:
                    following = await self._take_step(saga)
                except ServiceError as error:
                    return await _retry_later(saga, error)
                if not isinstance(following, Saga):
                    return following
                saga = following
            await postpone(saga, 0, None)
            return None

    async def _take_step(self, saga: Saga) -> Following:
        steps = self._kinds[saga.kind]
        with measured("saga", saga.step), span(f"saga {saga.kind} {saga.step}"):
            await fault_point(f"orders.{saga.step}.before")
            attempt = await steps.attempt(saga)
            await fault_point(f"orders.{saga.step}.after")
            step = steps.transitions[saga.step, attempt.outcome]
            if step is saga.step:
                return await _look_later(saga)
            if attempt.error:
                logger.warning("order %s: %s; %s follows", saga.order.number, attempt.error, step)
            return await steps.record(saga, attempt, step)


async def _look_later(saga: Saga) -> float | None:
    return await _later(saga, pause_before_look(saga.attempts), None)


async def _retry_later(saga: Saga, error: ServiceError) -> float | None:
    pause = pause_before_retry(saga.attempts, random.random())  # noqa: S311 - spreads retries, hides nothing
    RETRIES.labels(saga.step).inc()
    logger.warning(
        "order %s: %s failed and is tried again in %.1f s: %s", saga.order.number, saga.step, pause, error.message
    )
    return await _later(saga, pause, f"{saga.step}: {error.code}: {error.message}")


async def _later(saga: Saga, pause: float, error: str | None) -> float | None:
    if await postpone(saga, pause, error):
        return pause
    fenced(saga)
    return None


async def leave_to_a_person(saga: Saga, attempt: Attempt) -> bool:
    """Records that no rule helps any more; False when another worker has the saga."""
    error = attempt.error or str(attempt.outcome)
    if not await park(saga, error):
        fenced(saga)
        return False
    STUCK.labels(saga.kind).inc()
    logger.error("order %s needs a person: %s", saga.order.number, error)
    return True


def fenced(saga: Saga) -> None:
    """Notes that another worker has the saga now, and that this one's answer is dropped."""
    FENCED.inc()
    logger.warning(
        "order %s: another worker took it over; this one's answer to %s is dropped", saga.order.number, saga.step
    )
