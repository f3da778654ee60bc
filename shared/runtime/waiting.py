"""Commands that are started together with their database wait for it, up to a limit.

They end with one line if it does not come.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from shared.errors import Unavailable
from shared.persistence import db
from shared.persistence.migration import NOT_YET, require_migrations, tortoise_config
from shared.runtime.outages import in_one_line
from shared.runtime.subgraph import Subgraph

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.5


async def wait_for_database(subgraph: Subgraph, seconds: float) -> None:
    """Returns once the database lets us in.

    Raises:
        Unavailable: saying what was wrong last, when ``seconds`` are over.
    """
    await _until_it_succeeds(partial(_connect, subgraph), seconds)


async def wait_for_migrations(subgraph: Subgraph, seconds: float) -> None:
    """Returns once the database has every migration of this code; raises as ``wait_for_database`` does."""
    await _until_it_succeeds(partial(_find_migrations, subgraph), seconds)


async def _connect(subgraph: Subgraph) -> None:
    async with db.connected(tortoise_config(subgraph)):
        pass


async def _find_migrations(subgraph: Subgraph) -> None:
    async with db.connected(tortoise_config(subgraph)):
        await require_migrations(subgraph)


async def _until_it_succeeds(attempt: Callable[[], Awaitable[None]], seconds: float) -> None:
    end = asyncio.get_running_loop().time() + seconds
    said = ""
    while True:
        try:
            return await attempt()
        except NOT_YET as error:
            reason = in_one_line(error)
        if asyncio.get_running_loop().time() >= end:
            raise Unavailable(f"waited {seconds:g} s in vain: {reason}")
        if reason != said:
            logger.warning("waiting: %s", reason)
        said = reason
        await asyncio.sleep(_PAUSE_SECONDS)
