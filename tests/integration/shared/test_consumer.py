"""Consumers: each event has its effect once, in order, and a poisonous one does not stop the others."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.events.cloudevents import encode_headers
from shared.events.consumer import Consumer
from shared.events.handlers import EventHandler, Inbox, Payload
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.workers import Worker, supervise
from tests.integration.shared.conftest import Stage
from tests.subgraphs import eventually
from tilt.embedded.backends.kafka import PARTITIONS

TYPE = "mercato.test.ThingChanged"


class Thing(Payload):
    key: str
    number: int


async def remember(thing: Thing) -> None:
    await db.execute("INSERT INTO effects (key, number) VALUES ($1, $2)", thing.key, thing.number)
    if thing.number == 13:
        raise ValueError("unlucky")


@contextlib.asynccontextmanager
async def consuming(stage: Stage) -> AsyncIterator[None]:
    stop = asyncio.Event()
    consumer = Consumer(stage.group, stage.bootstrap_servers, Inbox([EventHandler(stage.topic, TYPE, Thing, remember)]))
    task = asyncio.create_task(supervise(Worker("consumer", consumer.run), stop))
    yield
    stop.set()
    await task


async def send(producer: AIOKafkaProducer, stage: Stage, key: str, number: int, event_id: UUID | None = None) -> None:
    headers = encode_headers(event_id or new_id(), TYPE, datetime.now(UTC), {})
    await producer.send(stage.topic, orjson.dumps({"key": key, "number": number}), key=key.encode(), headers=headers)


async def effects(count: int) -> list[tuple[str, int]]:
    async def enough() -> list[tuple[str, int]] | None:
        rows = await db.fetch("SELECT key, number FROM effects ORDER BY position")
        return [tuple(row) for row in rows] if len(rows) >= count else None

    return await eventually(enough, f"{count} effects")


async def test_an_event_delivered_three_times_has_one_effect(stage: Stage, producer: AIOKafkaProducer) -> None:
    event_id = new_id()
    for _ in range(3):
        await send(producer, stage, "a", 1, event_id)
    await send(producer, stage, "a", 2)
    async with consuming(stage):
        assert await effects(2) == [("a", 1), ("a", 2)]


async def test_two_consumers_share_the_work_and_repeat_nothing(stage: Stage, producer: AIOKafkaProducer) -> None:
    async with consuming(stage), consuming(stage):
        for number in range(100, 400):
            await send(producer, stage, str(number % 7), number)
        seen = await effects(300)
    assert sorted(number for _, number in seen) == list(range(100, 400))
    for key in "0123456":
        of_key = [number for its_key, number in seen if its_key == key]
        assert of_key == sorted(of_key)


async def test_a_poisonous_event_is_dead_lettered_and_the_others_have_their_effects(
    stage: Stage, producer: AIOKafkaProducer
) -> None:
    for number in range(100):
        await send(producer, stage, "one-key", number)
    async with consuming(stage):
        seen = await effects(99)
        (letter,) = await stage.messages(stage.dead_letters, 1)
    assert [number for _, number in seen] == [number for number in range(100) if number != 13]
    assert orjson.loads(letter.value)["number"] == 13
    assert b"unlucky" in dict(letter.headers)["dl_error"]


async def test_malformed_messages_are_dead_lettered_and_the_partition_goes_on(
    stage: Stage, producer: AIOKafkaProducer
) -> None:
    good = encode_headers(new_id(), TYPE, datetime.now(UTC), {})
    await producer.send_and_wait(stage.topic, b"{not json", key=b"a", headers=good)
    await producer.send_and_wait(stage.topic, b'{"number": "many"}', key=b"a", headers=good)
    await producer.send_and_wait(stage.topic, b"{}", key=b"a", headers=[("ce_id", b"nonsense")])
    await producer.send_and_wait(stage.topic, None, key=b"a", headers=[])
    timeless = [(name, b"0001-01-01T00:00:00" if name == "ce_time" else value) for name, value in good]
    await producer.send_and_wait(stage.topic, b'{"key": "a", "number": 9}', key=b"a", headers=timeless)
    await send(producer, stage, "a", 1)
    async with consuming(stage):
        assert await effects(1) == [("a", 1)]
        assert len(await stage.messages(stage.dead_letters, 5)) == 5


async def committed(stage: Stage) -> int:
    """How many messages of the topic the group need not read again."""
    async with AIOKafkaConsumer(
        bootstrap_servers=stage.bootstrap_servers, group_id=stage.group, enable_auto_commit=False
    ) as group:
        offsets = [await group.committed(TopicPartition(stage.topic, partition)) for partition in range(PARTITIONS)]
    return sum(offset or 0 for offset in offsets)


async def test_a_stopped_consumer_has_committed_all_that_it_applied(stage: Stage, producer: AIOKafkaProducer) -> None:
    for number in range(100, 300):
        await send(producer, stage, str(number % 7), number)
    async with consuming(stage):
        await effects(200)
    assert await committed(stage) == 200


async def test_a_consumer_that_dies_before_its_offsets_are_committed_costs_no_second_effect(
    stage: Stage, producer: AIOKafkaProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as never_commits:
        never_commits.setattr(Consumer, "_commit", lambda *_: asyncio.sleep(0))
        for number in range(100, 300):
            await send(producer, stage, str(number % 7), number)
        async with consuming(stage):
            await effects(200)
    assert await committed(stage) == 0
    await send(producer, stage, "last", 300)

    async def all_read_again() -> bool:
        return await committed(stage) == 201

    async with consuming(stage):
        await eventually(all_read_again, "an idle consumer has committed what it read again")
    assert sorted(number for _, number in await effects(201)) == list(range(100, 301))


async def test_types_that_nobody_handles_are_passed_over(stage: Stage, producer: AIOKafkaProducer) -> None:
    other = encode_headers(new_id(), "mercato.test.SomethingElse", datetime.now(UTC), {})
    await producer.send_and_wait(stage.topic, b'{"unknown": true}', key=b"a", headers=other)
    await send(producer, stage, "a", 1)
    async with consuming(stage):
        assert await effects(1) == [("a", 1)]


async def test_a_database_outage_loses_nothing_and_dead_letters_nothing(
    stage: Stage, producer: AIOKafkaProducer
) -> None:
    async with consuming(stage):
        await send(producer, stage, "a", 1)
        await effects(1)
        await db.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        for number in range(2, 6):
            await send(producer, stage, "a", number)
        assert [number for _, number in await effects(5)] == [1, 2, 3, 4, 5]
