"""Idempotency keys: one effect, one answer."""

import asyncio

import pytest

from shared.errors import BadUserInput, Conflict, Unavailable
from shared.persistence import db, idempotency
from shared.persistence.idempotency import replayable
from shared.persistence.sweeper import sweep_once
from tests.integration.shared.conftest import Stage


async def effect() -> str:
    number: int = await db.fetch_value("INSERT INTO effects (key, number) VALUES ('k', 1) RETURNING position")
    return str(number)


async def count() -> int:
    number: int = await db.fetch_value("SELECT count(*) FROM effects")
    return number


async def test_fifty_requests_at_once_with_one_key_have_one_effect_and_one_answer(stage: Stage) -> None:
    answers = await asyncio.gather(*(replayable("scope", "key", b"request", effect) for _ in range(50)))
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert await count() == 1


async def test_another_request_with_the_same_key_is_a_conflict(stage: Stage) -> None:
    await replayable("scope", "key", b"request", effect)
    with pytest.raises(Conflict):
        await replayable("scope", "key", b"another", effect)
    assert await count() == 1


async def test_keys_of_different_callers_never_meet(stage: Stage) -> None:
    first = await replayable("alice", "key", b"request", effect)
    second = await replayable("bob", "key", b"another", effect)
    assert first != second


async def test_a_failed_request_leaves_its_key_unused(stage: Stage) -> None:
    async def failing() -> str:
        await effect()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await replayable("scope", "key", b"request", failing)
    await replayable("scope", "key", b"another", effect)
    assert await count() == 1


@pytest.mark.parametrize("key", ["", "k" * 201, "k\x00", "line\nbreak"])
async def test_a_key_of_the_wrong_form_is_rejected_by_name(stage: Stage, key: str) -> None:
    with pytest.raises(BadUserInput) as rejection:
        await replayable("scope", key, b"request", effect)
    assert rejection.value.field == ("idempotencyKey",)


async def test_a_key_still_in_flight_is_answered_after_a_while_and_can_be_repeated(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.2)
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow() -> str:
        begun.set()
        await may_end.wait()
        return await effect()

    first = asyncio.create_task(replayable("scope", "key", b"request", slow))
    await begun.wait()
    with pytest.raises(Unavailable, match="still being carried out; repeat it in a moment") as rejection:
        await replayable("scope", "key", b"request", effect)
    assert rejection.value.field == ("idempotencyKey",)
    may_end.set()
    assert await first == await replayable("scope", "key", b"request", effect)
    assert await count() == 1


async def test_the_wait_for_a_key_does_not_bound_the_waits_of_its_effect(stage: Stage) -> None:
    async def lock_timeout() -> str:
        return str(await db.fetch_value("SHOW lock_timeout"))

    assert await replayable("scope", "key", b"request", lock_timeout) == "0"


async def test_an_answer_is_kept_for_a_day_and_then_its_key_can_be_used_again(stage: Stage) -> None:
    first = await replayable("scope", "key", b"request", effect)
    await db.execute("UPDATE idempotency SET created_at = now() - interval '23 hours'")
    await sweep_once()
    assert await replayable("scope", "key", b"request", effect) == first
    await db.execute("UPDATE idempotency SET created_at = now() - interval '25 hours'")
    await sweep_once()
    assert await replayable("scope", "key", b"another", effect) != first
    assert await count() == 2
