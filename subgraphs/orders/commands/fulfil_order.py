"""Takes an order from step to step: each is recorded, tried, and followed by what the table in ``domain/fulfilment.py`` says."""

import asyncio
import logging
import random

from shared import db
from shared.errors import ServiceError
from shared.outbox import publish
from shared.telemetry.context import continued
from shared.telemetry.metrics import measured
from shared.telemetry.tracing import span
from subgraphs.orders.commands.try_step import Attempt, try_step
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.events import order_cancelled, order_confirmed
from subgraphs.orders.domain.fulfilment import Fulfilment, Step, next_step, pause_before_retry
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.ports import Inventory, Payments
from subgraphs.orders.infrastructure.fulfilments import End, advance, end, park, postpone
from subgraphs.orders.infrastructure.metrics import ENDED_SECONDS, FENCED, RETRIES, STUCK

logger = logging.getLogger(__name__)


class Fulfiller:
    """Fulfils orders with the other subgraphs."""

    def __init__(self, inventory: Inventory, payments: Payments, lease_seconds: float) -> None:
        self._inventory = inventory
        self._payments = payments
        self._lease_seconds = lease_seconds

    async def fulfil(self, saga: Fulfilment, stop: asyncio.Event) -> float | None:
        """Goes on with a claimed saga until its end, until a step has to be tried again later, or until ``stop`` is set.

        Answers the seconds after which to claim it again, or None when nothing of it is left to do here.
        """
        with continued(saga.trace):
            while not stop.is_set():
                try:
                    following = await self._take_step(saga)
                except ServiceError as error:
                    return await _retry_later(saga, error)
                if following is None:
                    return None
                saga = following
            await postpone(saga, 0, None)
            return None

    async def _take_step(self, saga: Fulfilment) -> Fulfilment | None:
        """Tries a step and records what follows; None at the end, and when another worker has the saga now."""
        with measured("saga", saga.step), span(f"fulfilment {saga.step}"):
            attempt = await try_step(saga, self._inventory, self._payments)
            if attempt.error:
                logger.error("order %s: %s", saga.order.number, attempt.error)
            step, cancellation = next_step(saga.step, attempt.outcome), saga.cancellation or attempt.cancellation
            match step:
                case Step.CONFIRMED:
                    await _confirm(saga)
                case Step.CANCELLED:
                    await _cancel(saga, cancellation)
                case Step.STUCK:
                    await _leave_to_a_person(saga, attempt)
                case _:
                    return await self._advance(saga, step, cancellation)
            return None

    async def _advance(self, saga: Fulfilment, step: Step, cancellation: Cancellation | None) -> Fulfilment | None:
        following = await advance(saga, step, cancellation, self._lease_seconds)
        if following is None:
            _fenced(saga)
        return following


async def _retry_later(saga: Fulfilment, error: ServiceError) -> float:
    pause = pause_before_retry(saga.attempts, random.random())  # noqa: S311 - spreads retries, hides nothing
    RETRIES.labels(saga.step).inc()
    logger.warning("order %s: %s failed and is tried again in %.1f s: %s", saga.order.number, saga.step, pause, error.message)
    await postpone(saga, pause, f"{saga.step}: {error.code}: {error.message}")
    return pause


async def _confirm(saga: Fulfilment) -> None:
    async with db.transaction():
        ended = await end(saga, Step.CONFIRMED, OrderStatus.CONFIRMED, None, "paid and in stock")
        if ended:
            await publish(order_confirmed(saga.order, ended.ended_at))
    _note_end(saga, Step.CONFIRMED, ended)


async def _cancel(saga: Fulfilment, cancellation: Cancellation | None) -> None:
    assert cancellation is not None, "every way to CANCELLED begins with an outcome that has a reason"
    async with db.transaction():
        ended = await end(saga, Step.CANCELLED, OrderStatus.CANCELLED, cancellation, cancellation.code)
        if ended:
            await publish(order_cancelled(saga.order, cancellation, ended.ended_at))
    _note_end(saga, Step.CANCELLED, ended)


async def _leave_to_a_person(saga: Fulfilment, attempt: Attempt) -> None:
    if await park(saga, attempt.error or str(attempt.outcome)):
        STUCK.inc()
    else:
        _fenced(saga)


def _note_end(saga: Fulfilment, step: Step, ended: End | None) -> None:
    if ended is None:
        _fenced(saga)
        return
    ENDED_SECONDS.labels(step).observe((ended.ended_at - ended.placed_at).total_seconds())
    logger.info("order %s ended: %s", saga.order.number, step)


def _fenced(saga: Fulfilment) -> None:
    FENCED.inc()
    logger.warning("order %s: another worker took it over; this one's answer to %s is dropped", saga.order.number, saga.step)
