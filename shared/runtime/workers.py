"""Background work: loops that run until they are told to stop and are restarted when they fail."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.runtime.outages import is_kafka_outage, is_outage
from shared.telemetry.failures import described
from shared.telemetry.kafka_outage import KAFKA_OUTAGE
from shared.telemetry.metrics import WORKER_RESTARTS

logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 10.0
_SOUND_SECONDS = 30.0  # a run this long counts as sound: the next failure starts from the shortest pause
STOP_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Worker:
    """A loop.

    ``run`` works until the event is set, finishes what it has in hand and returns; it may raise and be run again.
    """

    name: str
    run: Callable[[asyncio.Event], Awaitable[None]]


async def supervise(worker: Worker, stop: asyncio.Event) -> None:
    """Runs a worker until ``stop`` is set, again after each failure, with growing pauses."""
    pause = _FIRST_PAUSE_SECONDS
    while not stop.is_set():
        started = time.monotonic()
        try:
            await worker.run(stop)
        except Exception as error:
            if stop.is_set():
                return
            WORKER_RESTARTS.labels(worker.name).inc()
            _tell(worker, pause, error)
        if time.monotonic() - started > _SOUND_SECONDS:
            pause = _FIRST_PAUSE_SECONDS
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _tell(worker: Worker, pause: float, error: Exception) -> None:
    if is_kafka_outage(error):
        KAFKA_OUTAGE.tell(f"worker {worker.name}: {described(error)}")
        return
    trace = None if is_outage(error) else error  # what is away needs no stack
    logger.warning(
        "worker %s failed and is restarted in %.1f s: %s", worker.name, pause, described(error), exc_info=trace
    )


async def run_workers(workers: tuple[Worker, ...], stop: asyncio.Event) -> None:
    """Runs workers side by side until ``stop`` is set; after eight more seconds those still busy are cancelled."""
    tasks = [asyncio.create_task(supervise(worker, stop), name=worker.name) for worker in workers]
    await stop.wait()
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        logger.warning("worker %s did not stop in time and is cancelled", task.get_name())
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
