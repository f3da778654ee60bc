"""The background work of orders."""

import asyncio
import contextlib
import logging
import os
import socket
from dataclasses import dataclass
from itertools import product

from shared.persistence import db
from shared.persistence.work import UnitOfWork
from shared.security.secrets import Secret
from subgraphs.orders.domain.fulfilment import FINAL_STEPS, Kind, Saga, Step
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.infrastructure.metrics import HELD, OPEN
from subgraphs.orders.queries.measures import DUES, count_held, count_open
from subgraphs.orders.sagas.claiming import ClaimDue, claim_due
from subgraphs.orders.sagas.following import Paused
from subgraphs.orders.sagas.runner import RunSaga, SagaRunner

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0  # how long a lost notification can delay an order, and a dead worker's order beyond its lease
_MEASURE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Doorbell:
    """Where the database tells that a saga is due."""

    database_url: Secret
    channel: str


class FulfilmentWorker:
    """Runs the sagas of orders side by side, up to a number. Any number of processes may do so: each claims what no
    other has.
    """

    def __init__(
        self,
        doorbell: Doorbell,
        work: UnitOfWork[OrdersWork],
        runner: SagaRunner,
        parallel: int,
        lease_seconds: float,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._doorbell = doorbell
        self._work = work
        self._runner = runner
        self._parallel = parallel
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._may_be_more = False  # whether the last claim was bounded by the free places and not by what was due

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set and the steps under way are done; raises when Postgres fails, and may then be run
        again.
        """
        try:
            async with db.own_connection(self._doorbell.database_url, "fulfilment") as connection:
                await connection.add_listener(self._doorbell.channel, lambda *_: self._wake.set())
                while not stop.is_set():
                    await self._begin_due(stop)
                    await self._wait(stop)
                    if connection.is_closed():
                        raise ConnectionError("the connection that listens for new orders was lost")
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _begin_due(self, stop: asyncio.Event) -> None:
        free = self._parallel - len(self._tasks)
        self._may_be_more = True
        if free == 0:
            return
        claimed = await self._work.perform_alone(claim_due, ClaimDue(self._name, free, self._lease_seconds))
        self._may_be_more = len(claimed) == free
        for saga in claimed:
            task = asyncio.create_task(self._fulfil(saga, stop))
            self._tasks.add(task)
            task.add_done_callback(self._done)

    async def _fulfil(self, saga: Saga, stop: asyncio.Event) -> None:
        try:
            turn = await self._work.perform_alone(self._runner.run, RunSaga(saga, stop))
        except Exception:
            logger.exception("order %s: %s failed; it is tried again when its lease ends", saga.order.number, saga.step)
            return
        if isinstance(turn, Paused):
            asyncio.get_running_loop().call_later(turn.seconds, self._wake.set)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if self._may_be_more:
            self._wake.set()

    async def _wait(self, stop: asyncio.Event) -> None:
        """Until an order was placed, a pause is over, a place is free, the stop, or it is time to look."""
        waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._wake.wait())}
        _, pending = await asyncio.wait(waits, timeout=self._poll_seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        self._wake.clear()


async def measure_fulfilments(stop: asyncio.Event) -> None:
    """Counts the open sagas and disputes every five seconds until ``stop`` is set."""
    while not stop.is_set():
        counted = await count_open()
        for kind, step, is_overdue in product(Kind, set(Step) - FINAL_STEPS | {Step.STUCK}, (False, True)):
            OPEN.labels(kind, step, str(is_overdue).lower()).set(counted.get((kind, step, is_overdue), 0))
        held = await count_held()
        for due in DUES:
            HELD.labels(due).set(held.get(due, 0))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _MEASURE_SECONDS)
