"""Events that Kafka does not take: rejected when they are written; else dead letters with those of their key."""

import contextlib
import logging
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from shared.errors import LimitExceeded
from shared.events import relay as relaying_module
from shared.events.cloudevents import decode
from shared.events.discards import OUTBOX
from shared.events.event import Event
from shared.events.outbox_commands import discard_outbox, list_outbox, replay_outbox
from shared.events.outbox_dead_letters import (
    discard_outbox_dead_letter,
    outbox_dead_letters,
    replay_outbox_dead_letters,
)
from shared.events.tables import print_discards
from shared.ids import new_id
from shared.persistence import db, outbox
from shared.persistence.outbox import publish
from shared.telemetry.metrics import OUTBOX_DEAD_LETTERS, OUTBOX_REJECTED
from tests.integration.shared.conftest import Stage
from tests.integration.shared.test_relay import event, numbers, relaying
from tests.subgraphs import eventually

SMALL = 2_000  # bytes that the small topic takes


@pytest.fixture
def small(stage: Stage) -> str:
    return f"{stage.group}.small.v1"


@contextlib.asynccontextmanager
async def administering(stage: Stage) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=stage.bootstrap_servers)
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


async def create_topic(stage: Stage, topic: str, max_bytes: int) -> None:
    async with administering(stage) as admin:
        await admin.create_topics([NewTopic(topic, 3, 1, topic_configs={"max.message.bytes": str(max_bytes)})])


async def allow(stage: Stage, topic: str, max_bytes: int) -> None:
    async with administering(stage) as admin:
        await admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(max_bytes)})]
        )


def sized(topic: str, key: UUID, number: int, size: int = 0) -> Event:
    return Event(topic, key, "mercato.test.ThingChanged", {"number": number, "filler": "x" * size})


async def change_and_publish(*events: Event) -> None:
    async with db.transaction():
        await db.execute("INSERT INTO effects (key, number) VALUES ('a', 1)")
        await publish(*events)


async def seen(stage: Stage, topic: str, key: UUID, count: int) -> list[int]:
    """The numbers of this key among the first messages of a topic."""
    messages = await stage.messages(topic, count)
    return [decode(each.headers, each.value).payload["number"] for each in messages if each.key == str(key).encode()]


async def dead(*expected: int) -> bool:
    rows = await db.fetch(
        "SELECT payload::json->>'number' AS number FROM outbox WHERE set_aside_at IS NOT NULL ORDER BY id"
    )
    return [int(row["number"]) for row in rows] == list(expected)


async def three_are_counted() -> bool:
    return bool(OUTBOX_DEAD_LETTERS._value.get() == 3)


async def all_handled() -> bool:
    unsent: int = await db.fetch_value("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND set_aside_at IS NULL")
    return unsent == 0


async def test_an_event_larger_than_kafka_takes_fails_the_whole_change(stage: Stage) -> None:
    with pytest.raises(
        LimitExceeded, match=r"ThingChanged would have 1,000,0.. bytes, and at most 1,000,000 can be sent"
    ):
        await change_and_publish(event(stage, new_id(), 1), sized(stage.topic, new_id(), 2, 1_000_000))
    assert await db.fetch_value("SELECT count(*) FROM effects") == 0
    assert await db.fetch_value("SELECT count(*) FROM outbox") == 0


async def test_the_largest_event_that_may_be_written_is_taken_by_kafka(stage: Stage) -> None:
    key = new_id()
    await publish(sized(stage.topic, key, 1, 999_000))
    async with relaying(stage):
        assert await seen(stage, stage.topic, key, 1) == [1]


async def test_the_limit_is_a_setting(stage: Stage) -> None:
    outbox.limit_events(500)
    try:
        with pytest.raises(LimitExceeded):
            await publish(sized(stage.topic, new_id(), 1, 500))
    finally:
        outbox.limit_events(outbox.DEFAULT_EVENT_BYTES)


async def test_what_kafka_rejects_for_good_is_dead_lettered_with_those_behind_it_and_other_keys_go_on(
    stage: Stage, small: str
) -> None:
    await create_topic(stage, small, SMALL)
    rejected, other = new_id(), new_id()
    before = OUTBOX_REJECTED.labels(small)._value.get()
    await publish(
        sized(small, rejected, 1),
        sized(small, rejected, 2, SMALL),
        sized(small, other, 10),
        sized(small, rejected, 3),
        sized(small, other, 11),
        event(stage, rejected, 4),
    )
    async with relaying(stage):
        assert await numbers(stage, 1) == [4]
        await eventually(lambda: dead(2, 3), "the rejected one and the one behind it are dead letters")
        await publish(sized(small, rejected, 5), sized(small, other, 12))
        await eventually(lambda: dead(2, 3, 5), "a later one of the key follows them")
        assert await seen(stage, small, other, 4) == [10, 11, 12]
        assert await seen(stage, small, rejected, 4) == [1]
        await eventually(all_handled, "nothing is left")
        await eventually(three_are_counted, "the metric counts them")
    assert OUTBOX_REJECTED.labels(small)._value.get() == before + 1
    first, *behind = await outbox_dead_letters()
    assert (first.rejection or "").startswith("MessageSizeTooLargeError")
    assert [each.rejection for each in behind] == [None, None]


async def test_a_great_event_that_is_rejected_lets_nothing_of_its_key_pass(stage: Stage, small: str) -> None:
    await create_topic(stage, small, 100_000)
    key, others = new_id(), [new_id() for _ in range(40)]
    await publish(sized(small, key, 1, 150_000), *(sized(small, key, number, 9_000) for number in range(2, 12)))
    await publish(*(sized(small, other, 1, 9_000) for other in others))
    async with relaying(stage):
        await eventually(all_handled, "all are handled")
        assert await dead(*range(1, 12))
        keys = {each.key for each in await stage.messages(small, 40)}
    assert keys == {str(other).encode() for other in others}


async def test_replayed_events_are_sent_in_their_order_once_kafka_takes_them(stage: Stage, small: str) -> None:
    await create_topic(stage, small, SMALL)
    key = new_id()
    await publish(*(sized(small, key, number, SMALL if number == 1 else 0) for number in range(4)))
    async with relaying(stage):
        await eventually(lambda: dead(1, 2, 3), "they are dead letters")
        assert await replay_outbox_dead_letters([]) == 3
        await eventually(lambda: dead(1, 2, 3), "rejected again, they are dead letters again")
        await allow(stage, small, 1_000_000)
        assert await replay_outbox_dead_letters([(await outbox_dead_letters())[0].event_id]) == 3
        assert await seen(stage, small, key, 4) == [0, 1, 2, 3]
        await eventually(all_handled, "all are sent")
    assert await outbox_dead_letters() == []


async def test_a_discarded_event_lets_those_behind_it_go_on_and_leaves_who_and_why(stage: Stage, small: str) -> None:
    await create_topic(stage, small, SMALL)
    key = new_id()
    await publish(*(sized(small, key, number, SMALL if number == 1 else 0) for number in range(4)))
    async with relaying(stage):
        await eventually(lambda: dead(1, 2, 3), "they are dead letters")
        rejected, behind, _ = await outbox_dead_letters()
        assert await discard_outbox_dead_letter(behind.event_id, "a test", "ann") == 0
        assert await discard_outbox_dead_letter(rejected.event_id, "nobody reads it", "ann") == 1
        assert await seen(stage, small, key, 2) == [0, 3]
    assert await discard_outbox_dead_letter(rejected.event_id, "again", "ann") is None
    rows = await db.fetch("SELECT event_id, reason, discarded_by FROM discarded_events ORDER BY discarded_at")
    assert [tuple(row) for row in rows] == [
        (behind.event_id, "a test", "ann"),
        (rejected.event_id, "nobody reads it", "ann"),
    ]


@pytest.mark.parametrize("topic", ["no topic!", "x" * 250])
async def test_a_topic_that_can_have_no_such_name_stops_no_other(stage: Stage, topic: str) -> None:
    key = new_id()
    await publish(sized(topic, key, 1), event(stage, key, 2))
    async with relaying(stage):
        assert await numbers(stage, 1) == [2]
        await eventually(lambda: dead(1), "it is a dead letter")


async def test_a_row_that_is_no_message_stops_no_other(stage: Stage) -> None:
    insert = "INSERT INTO outbox (event_id, topic, key, type, payload, trace) VALUES ($1, $2, $3, $4, $5, $6)"
    await db.execute(
        insert, new_id(), stage.topic, str(new_id()), "mercato.test.ThingChanged", '{"number": 1}', "no JSON"
    )
    await db.execute(insert, new_id(), stage.topic, str(new_id()), "unqualified", '{"number": 2}', "{}")
    await publish(event(stage, new_id(), 3))
    async with relaying(stage):
        assert await numbers(stage, 1) == [3]
        await eventually(lambda: dead(1, 2), "both are dead letters")


async def test_events_of_a_topic_that_is_not_there_yet_wait_for_it_and_the_others_go_on(
    stage: Stage, small: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(relaying_module, "_MISSING_SECONDS", 1.0)
    caplog.set_level(logging.CRITICAL, "aiokafka")
    key = new_id()
    await publish(sized(small, key, 1), sized(small, key, 2), event(stage, key, 3))
    async with relaying(stage):
        assert await numbers(stage, 1) == [3]
        await create_topic(stage, small, SMALL)
        assert await seen(stage, small, key, 2) == [1, 2]
        await eventually(all_handled, "all are sent")
    assert await outbox_dead_letters() == []


async def test_an_operator_lists_replays_and_discards_dead_letters_of_the_outbox(
    stage: Stage, small: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await create_topic(stage, small, SMALL)
    key = new_id()
    await publish(sized(small, key, 1, SMALL), sized(small, key, 2))
    await list_outbox()
    assert capsys.readouterr().out == "nothing is set aside\n"
    async with relaying(stage):
        await eventually(lambda: dead(1, 2), "they are dead letters")
    first, second = await outbox_dead_letters()
    await list_outbox()
    _, row, behind = capsys.readouterr().out.splitlines()
    assert (first.event_id in row, "MessageSizeTooLargeError" in row) == (True, True)
    assert (second.event_id in behind, "waits behind" in behind) == (True, True)
    with pytest.raises(SystemExit):
        await discard_outbox([first.event_id, "unknown"], "why", "ann")
    assert await dead(1, 2)
    await discard_outbox([first.event_id], "nobody reads it", "ann")
    assert "1 that waited behind it go on" in capsys.readouterr().out
    await print_discards(OUTBOX)
    assert capsys.readouterr().out.splitlines()[1].endswith("nobody reads it")
    with pytest.raises(SystemExit):
        await replay_outbox(["unknown"])
