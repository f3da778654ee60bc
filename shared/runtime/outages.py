"""Failures that are nobody's fault here: something we need can't be reached, and trying again later may succeed."""

import logging

import asyncpg
from aiokafka.errors import KafkaError
from tortoise.exceptions import DBConnectionError

from shared.errors import Unavailable
from shared.telemetry.failures import described

logger = logging.getLogger(__name__)

OUTAGES = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.InvalidAuthorizationSpecificationError,  # a password that was changed there and not here yet
    asyncpg.InsufficientResourcesError,  # a full volume, no connection left
    DBConnectionError,
)


def outage_error(cause: BaseException) -> Unavailable:
    """What a caller is told of an outage; the log has the cause."""
    logger.warning("something needed is away: %s", described(cause))
    return Unavailable("Something this needs can't be reached at the moment; try again.")


def in_one_line(error: BaseException) -> str:
    """What an operator reads of a failure that no caller's values are a part of: its kind and its first line."""
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


class KafkaUnavailableError(ConnectionError):
    """Kafka did not do what it was asked for, and may do so later."""


def is_kafka_outage(error: BaseException) -> bool:
    """Whether Kafka is away: of that the log is told by ``shared.telemetry.kafka_outage``."""
    return isinstance(error, KafkaUnavailableError) or (isinstance(error, KafkaError) and bool(error.retriable))


def is_outage(error: BaseException) -> bool:
    """Whether it may be gone when we try again, Kafka's included."""
    return isinstance(error, (*OUTAGES, KafkaError))
