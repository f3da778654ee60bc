"""The outbox and its relay: what was committed is sent, in order, by one relay at a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from shared.events import relay
from shared.events.cloudevents import decode
from shared.events.event import Event
from shared.events.relay import Relay
from shared.ids import new_id
from shared.persistence import db
from shared.persistence.outbox import publish
from shared.security.secrets import Secret
from shared.telemetry.metrics import OUTBOX_UNSENT
from tests.integration.shared.conftest import Stage
from tests.subgraphs import eventually


@contextlib.asynccontextmanager
async def relaying(stage: Stage) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    task = asyncio.create_task(Relay(Secret(stage.database_url), stage.bootstrap_servers).run(stop))
    yield task
    stop.set()
    if not task.cancelled():
        await asyncio.wait([task])


def event(stage: Stage, key: UUID, number: int) -> Event:
    return Event(stage.topic, key, "mercato.test.ThingChanged", {"number": number})


async def all_sent() -> bool:
    unsent: int = await db.fetch_value("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
    return unsent == 0


async def numbers(stage: Stage, count: int) -> list[int]:
    return [
        decode(message.headers, message.value).payload["number"] for message in await stage.messages(stage.topic, count)
    ]


async def test_events_of_one_key_are_sent_in_their_order(stage: Stage) -> None:
    key = new_id()
    async with relaying(stage):
        for number in range(0, 1200, 100):
            async with db.transaction():
                await publish(*(event(stage, key, number + step) for step in range(100)))
        assert await numbers(stage, 1200) == list(range(1200))


async def publish_and_fail(stage: Stage) -> None:
    async with db.transaction():
        await publish(event(stage, new_id(), 1))
        raise ZeroDivisionError


async def test_an_event_whose_transaction_rolls_back_is_never_sent(stage: Stage) -> None:
    async with relaying(stage):
        with pytest.raises(ZeroDivisionError):
            await publish_and_fail(stage)
        await publish(event(stage, new_id(), 2))
        assert await numbers(stage, 1) == [2]


async def test_an_idle_relay_is_woken_by_a_commit_and_by_the_stop(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_IDLE_SECONDS", 600.0)
    async with relaying(stage), asyncio.timeout(60):
        for number in range(3):
            await publish(event(stage, new_id(), number))
            await eventually(all_sent, f"event {number} is sent")


async def test_an_earlier_row_that_commits_later_is_not_forgotten(stage: Stage) -> None:
    insert = (
        "INSERT INTO outbox (event_id, topic, key, type, payload, trace)"
        " VALUES ($1, $2, $3, 'mercato.test.ThingChanged', '{\"number\": 1}', '{}')"
    )
    slow = await asyncpg.connect(stage.database_url)
    transaction = slow.transaction()
    await transaction.start()
    await slow.execute(insert, new_id(), stage.topic, str(new_id()))
    async with relaying(stage):
        await publish(event(stage, new_id(), 2))
        assert await numbers(stage, 1) == [2]
        await transaction.commit()
        assert sorted(await numbers(stage, 2)) == [1, 2]
    await slow.close()


async def test_a_second_relay_stands_by_and_takes_over(stage: Stage) -> None:
    async with relaying(stage) as first, relaying(stage):
        await publish(*(event(stage, new_id(), number) for number in range(100)))
        assert sorted(await numbers(stage, 100)) == list(range(100))
        await eventually(all_sent, "all rows are marked as sent")
        first.cancel()
        await publish(*(event(stage, new_id(), number) for number in range(100, 200)))
        assert sorted(await numbers(stage, 200)) == list(range(200))


async def test_a_backlog_is_measured_while_it_is_worked_off(stage: Stage) -> None:
    async with db.transaction():
        await publish(*(event(stage, new_id(), number) for number in range(3000)))
    seen: list[float] = []

    async def backlog_was_seen() -> bool:
        seen.append(OUTBOX_UNSENT._value.get())
        return max(seen) > 0 and await all_sent()

    async with relaying(stage):
        await eventually(backlog_was_seen, f"a backlog is seen; seen were {sorted(set(seen))}")
