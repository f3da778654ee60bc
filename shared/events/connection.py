"""Whether Kafka is there, as readiness wants to know it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaProducer

from shared.telemetry.kafka_outage import KAFKA_OUTAGE

_ANSWER_SECONDS = 1.5
_WATCH_SECONDS = 1.0


async def require_kafka(producer: AIOKafkaProducer | None, bootstrap_servers: str) -> None:
    """Returns when Kafka answers a producer that is connected; the clients themselves say nothing while they are idle.

    Raises:
        ConnectionError: naming the servers, when there is no producer or no answer.
    """
    if producer is None or not await answers(producer):
        raise ConnectionError(f"no connection to Kafka at {bootstrap_servers}")


async def answers(producer: AIOKafkaProducer) -> bool:
    """Whether Kafka tells this producer about itself within a moment."""
    try:
        return bool(await asyncio.wait_for(producer.client.force_metadata_update(), _ANSWER_SECONDS))
    except TimeoutError:
        return False


async def watch_kafka(require_connected: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Looks every second whether a Kafka that was away is back, until ``stop`` is set; its clients don't say so."""
    while not stop.is_set():
        if KAFKA_OUTAGE.is_on:
            try:
                await require_connected()
                KAFKA_OUTAGE.end()
            except ConnectionError as error:
                KAFKA_OUTAGE.tell(str(error))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _WATCH_SECONDS)
