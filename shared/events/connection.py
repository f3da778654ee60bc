"""Whether Kafka is there, as readiness wants to know it."""

import asyncio

from aiokafka import AIOKafkaProducer

_ANSWER_SECONDS = 1.5


async def require_kafka(producer: AIOKafkaProducer | None, bootstrap_servers: str) -> None:
    """Returns when Kafka answers a producer that is connected; the clients themselves say nothing of an outage while they are idle.

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
