"""Sends what waits: woken by Postgres, tried again with growing pauses, given up where everybody can see it."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
from prometheus_client import Counter

from shared.persistence import db
from shared.security.secrets import Secret
from shared.telemetry.failures import described
from subgraphs.notifications.outgoing import CHANNEL, Outgoing, claim, give_back, record_failure, record_sent
from subgraphs.notifications.smtp import MailServer, Rejected

logger = logging.getLogger(__name__)

SENT = Counter("mercato_notifications_sent_total", "Messages handed to the mail server.", ["kind"])
POSTPONED = Counter(
    "mercato_notifications_postponed_total", "Attempts to send that failed and are repeated later.", ["kind"]
)
GIVEN_UP = Counter("mercato_notifications_given_up_total", "Messages that are not tried any more.", ["kind"])

_FIRST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(hours=1)
_IDLE_SECONDS = 1.0  # how long a lost notification, or a pause that is over, can delay a message
_GATHERING_SECONDS = 0.1  # what is added meanwhile goes with the same claim, connection and record
# A batch is sent, then recorded: this many at most are sent again after a crash. With the attempt that it may end in, it must end
# well within the lease of claimed messages.
_BATCH = 20
_BATCH_SECONDS = 20.0
_ATTEMPT_SECONDS = 60.0


def pause_after(attempt: int) -> timedelta:
    """How long to wait after a failed attempt: a second, then twice as long each time, an hour at most."""
    doublings = min(attempt - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)


class Delivery:
    """Sends the messages that are due, some at a time. Several replicas may: each message is claimed by one."""

    def __init__(self, database_url: Secret, mail_server: MailServer, attempts: int) -> None:
        self._database_url = database_url
        self._mail_server = mail_server
        self._attempts = attempts
        self._added = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres fails, and may then be run again."""
        async with (
            db.own_connection(self._database_url, "delivery") as connection,
            contextlib.AsyncExitStack() as stack,
        ):
            await connection.add_listener(CHANNEL, lambda *_: self._added.set())
            stack.push_async_callback(self._mail_server.close)
            while not stop.is_set():
                messages = await claim(_BATCH)
                is_well = await self._deliver(messages, stop)
                # After a failure it rests too: a mail server that is away is not asked for each waiting message at once.
                if len(messages) < _BATCH or not is_well:
                    await self._rest(stop, connection)

    async def _deliver(self, messages: Sequence[Outgoing], stop: asyncio.Event) -> bool:
        """Sends what it can in its time; false when the mail server has trouble that another message would have too."""
        sent: list[Outgoing] = []
        waiting = list(reversed(messages))
        is_well = True
        deadline = time.monotonic() + _BATCH_SECONDS
        while waiting and is_well and not stop.is_set() and time.monotonic() < deadline:
            message = waiting.pop()
            error = await self._send(message)
            if error is None:
                sent.append(message)
            else:
                await self._fail(message, error)
                is_well = isinstance(error, Rejected)
        await self._record(sent, waiting)
        return is_well

    async def _send(self, message: Outgoing) -> Exception | None:
        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await self._mail_server.send(message)
        except Rejected as error:
            return error
        except Exception as error:
            await self._mail_server.close()
            return error
        return None

    async def _record(self, sent: Sequence[Outgoing], waiting: Sequence[Outgoing]) -> None:
        if sent:
            await record_sent(sent)
        if waiting:
            await give_back(waiting)
        for message in sent:
            SENT.labels(message.kind).inc()

    async def _fail(self, message: Outgoing, error: Exception) -> None:
        gives_up = isinstance(error, Rejected) or message.attempt >= self._attempts
        if gives_up:
            GIVEN_UP.labels(message.kind).inc()
            logger.error("message %s is given up after %d attempts: %s", message.id, message.attempt, described(error))
        else:
            POSTPONED.labels(message.kind).inc()
            logger.warning("message %s was not sent, attempt %d: %s", message.id, message.attempt, described(error))
        await record_failure(message, repr(error), None if gives_up else pause_after(message.attempt))

    async def _rest(self, stop: asyncio.Event, connection: asyncpg.Connection) -> None:
        """Until a message was added, the stop, or a second passed: then the connection to the mail server ends too."""
        waits = {asyncio.ensure_future(stop.wait()), asyncio.ensure_future(self._added.wait())}
        done, pending = await asyncio.wait(waits, timeout=_IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        if self._added.is_set():
            await asyncio.sleep(_GATHERING_SECONDS)
        elif not done:
            await self._mail_server.close()
        self._added.clear()
        if connection.is_closed():
            raise ConnectionError("the connection that tells of added messages was lost")
