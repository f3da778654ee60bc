"""Failures that are nobody's fault here: something we need can't be reached, and trying again later may succeed."""

import logging

import asyncpg
from tortoise.exceptions import DBConnectionError

from shared.errors import Unavailable

logger = logging.getLogger(__name__)

OUTAGES = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    DBConnectionError,
)


def outage_error(cause: BaseException) -> Unavailable:
    """What a caller is told of an outage; the log has the cause."""
    logger.warning("something needed is away: %r", cause)
    return Unavailable("Something this needs can't be reached at the moment; try again.")
