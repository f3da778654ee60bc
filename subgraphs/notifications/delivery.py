"""Sends what waits: woken by Postgres, tried again with growing pauses, given up where everybody can see it."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
from prometheus_client import Counter

from subgraphs.notifications.outgoing import CHANNEL, Outgoing, claim, record_failure, record_sent
from subgraphs.notifications.smtp import MailServer, Rejected

logger = logging.getLogger(__name__)

SENT = Counter("mercato_notifications_sent_total", "Messages handed to the mail server.", ["kind"])
POSTPONED = Counter("mercato_notifications_postponed_total", "Attempts to send that failed and are repeated later.", ["kind"])
GIVEN_UP = Counter("mercato_notifications_given_up_total", "Messages that are not tried any more.", ["kind"])

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)
_IDLE_SECONDS = 1.0  # how long a lost notification, or a pause that is over, can delay a message
_ATTEMPT_SECONDS = 60.0  # well within the lease of a claimed message


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: a second, then twice as long each time, an hour at most."""
    doublings = min(attempt - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


class Delivery:
    """Sends the messages that are due, one after another. Several replicas may: each message is claimed by one."""

    def __init__(self, database_url: str, mail_server: MailServer, attempts: int) -> None:
        self._database_url = database_url
        self._mail_server = mail_server
        self._attempts = attempts
        self._added = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres fails, and may then be run again."""
        async with self._listening() as connection, contextlib.AsyncExitStack() as stack:
            stack.push_async_callback(self._mail_server.close)
            while not stop.is_set():
                message = await claim()
                # After a failure it rests too: a mail server that is away is not asked for each waiting message at once.
                if message is None or not await self._deliver(message):
                    await self._mail_server.close()
                    await self._rest(stop, connection)

    async def _deliver(self, message: Outgoing) -> bool:
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await self._mail_server.send(message)
        except Exception as error:
            await self._fail(message, error)
            return isinstance(error, Rejected)
        await record_sent(message)
        SENT.labels(message.kind).inc()
        return True

    async def _fail(self, message: Outgoing, error: Exception) -> None:
        gives_up = isinstance(error, Rejected) or message.attempt >= self._attempts
        if gives_up:
            GIVEN_UP.labels(message.kind).inc()
            logger.error("message %s is given up after %d attempts: %r", message.id, message.attempt, error)
        else:
            POSTPONED.labels(message.kind).inc()
            logger.warning("message %s was not sent, attempt %d: %r", message.id, message.attempt, error)
        await record_failure(message, repr(error), None if gives_up else pause_after(message.attempt))

    async def _rest(self, stop: asyncio.Event, connection: asyncpg.Connection) -> None:
        """Until a message was added, the stop, or a second passed."""
        waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._added.wait())}
        _, pending = await asyncio.wait(waits, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        self._added.clear()
        if connection.is_closed():
            raise ConnectionError("the connection that tells of added messages was lost")

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self._database_url, server_settings={"application_name": "delivery"})
        try:
            await connection.add_listener(CHANNEL, lambda *_: self._added.set())
            yield connection
        finally:
            await connection.close(timeout=2)
