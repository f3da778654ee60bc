"""Deletes what the chassis' tables need no longer."""

import asyncio
import contextlib

from shared.persistence import db
from shared.persistence.idempotency import KEPT_HOURS

_EVERY_SECONDS = 600.0
_STATEMENTS = (
    "DELETE FROM outbox WHERE sent_at < now() - interval '1 day'",
    "DELETE FROM inbox WHERE processed_at < now() - interval '14 days'",
    f"DELETE FROM idempotency WHERE created_at < now() - interval '{KEPT_HOURS} hours'",  # noqa: S608 - a constant
)


async def sweep(stop: asyncio.Event) -> None:
    """Every ten minutes until ``stop`` is set.

    Kafka keeps events for seven days; nobody asks for an inbox row of fourteen.
    """
    while not stop.is_set():
        await sweep_once()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _EVERY_SECONDS)


async def sweep_once() -> None:
    """Deletes what is old enough now."""
    for statement in _STATEMENTS:
        await db.execute(statement)
