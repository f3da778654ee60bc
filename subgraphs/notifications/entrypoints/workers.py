"""Sends what waits: woken by Postgres, tried again with growing pauses, given up where everybody can see it."""

import asyncio
from dataclasses import dataclass

import asyncpg

from shared.persistence import db
from shared.persistence.work import UnitOfWork
from shared.security.secrets import Secret
from subgraphs.notifications.commands.deliver_due import BATCH, DeliverDue, Delivered, deliver_due
from subgraphs.notifications.domain.ports import MailServer, NotificationsWork
from subgraphs.notifications.infrastructure.metrics import GIVEN_UP, POSTPONED, SENT

_IDLE_SECONDS = 1.0  # how long a lost notification, or a pause that is over, can delay a message
_GATHERING_SECONDS = 0.1  # what is added meanwhile goes with the same claim, connection and record


@dataclass(frozen=True, slots=True)
class Doorbell:
    """The channel of Postgres on which is told that a message was added."""

    database_url: Secret
    channel: str


class Delivery:
    """Sends the messages that are due, some at a time. Several replicas may."""

    def __init__(
        self, doorbell: Doorbell, work: UnitOfWork[NotificationsWork], mail_server: MailServer, attempts: int
    ) -> None:
        self._doorbell = doorbell
        self._work = work
        self._mail_server = mail_server
        self._attempts = attempts
        self._added = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Works until ``stop`` is set; raises when Postgres fails, and may then be run again."""
        command = DeliverDue(self._attempts, stop.is_set)
        async with db.own_connection(self._doorbell.database_url, "delivery") as connection:
            await connection.add_listener(self._doorbell.channel, lambda *_: self._added.set())
            try:
                while not stop.is_set():
                    delivered = await self._work.perform_alone(deliver_due, command)
                    _count(delivered)
                    # After a failure it rests too: a mail server that is away is not asked for
                    # each waiting message at once.
                    if delivered.claimed < BATCH or not delivered.is_well:
                        await self._rest(stop, connection)
            finally:
                await self._mail_server.close()

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


def _count(delivered: Delivered) -> None:
    for message in delivered.sent:
        SENT.labels(message.kind).inc()
    for kind in delivered.postponed:
        POSTPONED.labels(kind).inc()
    for kind in delivered.given_up:
        GIVEN_UP.labels(kind).inc()
