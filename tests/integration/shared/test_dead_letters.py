"""Dead letters: a poisonous event among a thousand becomes one, and is replayed once its cause is mended."""

import asyncio
import contextlib
import dataclasses
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import orjson
import pytest
from aiokafka import AIOKafkaProducer

from shared.errors import Unavailable
from shared.events.cloudevents import encode_headers
from shared.events.consumer import Consumer
from shared.events.dead_letter_commands import discard_dead_letters, list_dead_letters, replay_dead_letters
from shared.events.discards import DEAD_LETTERS
from shared.events.handlers import EventHandler, Inbox, Payload
from shared.events.tables import print_discards
from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker, supervise
from tests.integration.shared.conftest import Stage
from tests.subgraphs import built, eventually

TYPE = "mercato.test.ThingChanged"
KEYS = 7


class Thing(Payload):
    key: str
    number: int


Handle = Callable[[Thing], Awaitable[None]]


async def remember(thing: Thing) -> None:
    await db.execute("INSERT INTO effects (key, number) VALUES ($1, $2)", thing.key, thing.number)


def failing_on(*numbers: int) -> Handle:
    async def handle(thing: Thing) -> None:
        await remember(thing)
        if thing.number in numbers:
            raise ValueError(f"{thing.number} is unlucky")

    return handle


def subgraph(stage: Stage, handle: Handle) -> Subgraph:
    """A subgraph that reads this test's topic."""
    host = built("inventory", stage.environment)
    return dataclasses.replace(host, name=stage.group, handlers=[EventHandler(stage.topic, TYPE, Thing, handle)])


@contextlib.asynccontextmanager
async def consuming(stage: Stage, handle: Handle) -> AsyncIterator[None]:
    stop = asyncio.Event()
    consumer = Consumer(stage.group, stage.bootstrap_servers, Inbox(subgraph(stage, handle).handlers))
    task = asyncio.create_task(supervise(Worker("consumer", consumer.run), stop))
    yield
    stop.set()
    await task


async def send(producer: AIOKafkaProducer, stage: Stage, count: int) -> list[str]:
    """Sends so many numbered events and answers their ids."""
    ids = [new_id() for _ in range(count)]
    for number, event_id in enumerate(ids):
        key = str(number % KEYS)
        headers = encode_headers(event_id, TYPE, datetime.now(UTC), {})
        await producer.send(
            stage.topic, orjson.dumps({"key": key, "number": number}), key=key.encode(), headers=headers
        )
    await producer.flush()
    return [str(event_id) for event_id in ids]


async def effects() -> list[tuple[str, int]]:
    return [tuple(row) for row in await db.fetch("SELECT key, number FROM effects ORDER BY position")]


async def dead_lettered(producer: AIOKafkaProducer, stage: Stage, count: int, *poisonous: int) -> list[str]:
    """Has a consumer go through so many events of which some become dead letters; answers the ids of those."""
    ids = await send(producer, stage, count)

    async def all_done() -> bool:
        return len(await effects()) == count - len(poisonous)

    async with consuming(stage, failing_on(*poisonous)):
        await stage.messages(stage.dead_letters, len(poisonous))
        await eventually(all_done, "the others have their effects")
    return [ids[number] for number in poisonous]


async def listed(stage: Stage, output: pytest.CaptureFixture[str]) -> list[str]:
    output.readouterr()
    await list_dead_letters(subgraph(stage, remember))
    return output.readouterr().out.splitlines()


async def replayed(stage: Stage, handle: Handle, output: pytest.CaptureFixture[str], *ids: str) -> list[str]:
    output.readouterr()
    await replay_dead_letters(subgraph(stage, handle), ids)
    return output.readouterr().out.splitlines()


async def test_one_poisonous_event_among_a_thousand_costs_no_other_its_effect_and_gets_its_own_when_mended(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    (poisonous,) = await dead_lettered(producer, stage, 1000, 613)
    seen = await effects()
    assert sorted(number for _, number in seen) == [number for number in range(1000) if number != 613]
    for key in map(str, range(KEYS)):
        of_key = [number for its_key, number in seen if its_key == key]
        assert of_key == sorted(of_key)

    heading, row = await listed(stage, capsys)
    assert heading.split()[:5] == ["TOPIC", "PARTITION", "OFFSET", "EVENT", "TYPE"]
    topic, _, _, event_id, event_type, key, *_ = row.split()
    assert (topic, event_id, event_type, key) == (stage.topic, poisonous, TYPE, str(613 % KEYS))
    assert row.endswith("ValueError('613 is unlucky')")

    assert (await replayed(stage, remember, capsys))[-1] == "1 replayed, 0 failed again and kept"
    assert (await effects())[-1] == (str(613 % KEYS), 613)
    assert len(await effects()) == 1000
    assert await listed(stage, capsys) == ["no dead letters"]

    assert await replayed(stage, remember, capsys) == ["no dead letters"]
    assert len(await effects()) == 1000


async def test_a_letter_that_fails_again_is_kept_and_its_failure_leaves_no_trace(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    await dead_lettered(producer, stage, 10, 3, 5)
    with pytest.raises(SystemExit) as leaving:
        await replayed(stage, failing_on(5), capsys)
    assert leaving.value.code == 1
    assert "1 replayed, 1 failed again and kept" in capsys.readouterr().out
    assert sorted(number for _, number in await effects()) == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    (_, row) = await listed(stage, capsys)
    assert "5 is unlucky" in row
    await replayed(stage, remember, capsys)
    assert sorted(number for _, number in await effects()) == list(range(10))


async def test_of_several_letters_the_named_one_is_replayed(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = await dead_lettered(producer, stage, 10, 3, 5, 8)
    assert (await replayed(stage, remember, capsys, second))[-1] == "1 replayed, 0 failed again and kept"
    assert (await effects())[-1] == ("5", 5)
    rows = "\n".join(await listed(stage, capsys))
    assert [event_id in rows for event_id in (first, second, third)] == [True, False, True]


async def test_an_event_without_a_letter_is_named_and_nothing_is_replayed(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    await dead_lettered(producer, stage, 10, 3)
    unknown = str(new_id())
    with pytest.raises(SystemExit) as leaving:
        await replayed(stage, remember, capsys, unknown)
    assert leaving.value.code == 1
    assert f"no dead letter of the event {unknown}" in capsys.readouterr().out
    assert len(await effects()) == 9


async def test_a_letter_whose_event_had_its_effect_has_no_second_one(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    (event_id,) = await dead_lettered(producer, stage, 10, 3)
    await db.execute("INSERT INTO inbox (event_id) VALUES ($1::uuid)", event_id)
    await replayed(stage, remember, capsys)
    assert len(await effects()) == 9
    assert await listed(stage, capsys) == ["no dead letters"]


async def test_two_replays_at_once_have_one_effect_a_letter(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    await dead_lettered(producer, stage, 20, 3, 5, 8, 13)
    await asyncio.gather(*(replayed(stage, remember, capsys) for _ in range(2)))
    assert sorted(number for _, number in await effects()) == list(range(20))


async def test_a_replay_that_is_cut_off_in_the_middle_is_finished_by_the_next(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    await dead_lettered(producer, stage, 20, 3, 5, 8)
    left = iter([True, True, False])

    async def outage_at_the_third(thing: Thing) -> None:
        await remember(thing)
        if not next(left):
            raise ConnectionError("the database is away")

    with pytest.raises(Unavailable):
        await replayed(stage, outage_at_the_third, capsys)
    assert len(await effects()) == 19
    assert (await replayed(stage, remember, capsys))[-1] == "1 replayed, 0 failed again and kept"
    assert sorted(number for _, number in await effects()) == list(range(20))


async def test_a_discarded_letter_is_gone_for_good_and_who_and_why_stays(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = await dead_lettered(producer, stage, 10, 3, 5)
    await discard_dead_letters(subgraph(stage, remember), [first], "a test order", "ann@example.com")
    assert first in capsys.readouterr().out
    rows = "\n".join(await listed(stage, capsys))
    assert (first in rows, second in rows) == (False, True)
    assert (await replayed(stage, remember, capsys))[-1] == "1 replayed, 0 failed again and kept"
    assert sorted(number for _, number in await effects()) == [0, 1, 2, 4, 5, 6, 7, 8, 9]
    await print_discards(DEAD_LETTERS)
    _, row = capsys.readouterr().out.splitlines()
    assert first in row
    assert row.split()[-4:] == ["ann@example.com", "a", "test", "order"]


async def test_discarding_an_event_without_a_letter_says_so_and_leaves_with_status_1(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    (letter,) = await dead_lettered(producer, stage, 10, 3)
    unknown = str(new_id())
    with pytest.raises(SystemExit) as leaving:
        await discard_dead_letters(subgraph(stage, remember), [unknown], "why", "ann")
    assert leaving.value.code == 1
    assert f"no dead letter of the event {unknown}" in capsys.readouterr().out
    assert letter in "\n".join(await listed(stage, capsys))


async def test_a_letter_without_an_id_is_discarded_by_its_place(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = await producer.send_and_wait(stage.topic, b"\xff", key=b"a\x00b", headers=[("ce_type", b"\x00")])
    async with consuming(stage, remember):
        await stage.messages(stage.dead_letters, 1)
    place = f"{stage.topic}[{sent.partition}]@{sent.offset}"
    await discard_dead_letters(subgraph(stage, remember), [place], "no event", "ann")
    assert await listed(stage, capsys) == ["no dead letters"]


async def test_malformed_messages_are_listed_as_far_as_they_can_be_read(
    stage: Stage, producer: AIOKafkaProducer, capsys: pytest.CaptureFixture[str]
) -> None:
    await producer.send_and_wait(stage.topic, b"\xff", key=b"a\x1b[2J", headers=[("ce_id", b"\xffnonsense")])
    async with consuming(stage, remember):
        await stage.messages(stage.dead_letters, 1)
    (_, row) = await listed(stage, capsys)
    assert row.startswith(stage.topic)
    assert "nonsense" in row
    assert "MalformedEventError" in row
    assert "\x1b" not in row


async def test_a_subgraph_whose_topic_is_not_there_yet_has_no_dead_letters(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = dataclasses.replace(stage, group=f"nobody-{secrets.token_hex(4)}")
    assert await listed(elsewhere, capsys) == ["no dead letters"]
