"""Idempotency keys of effects that no transaction of ours holds: claimed before, answered after."""

import asyncio

import pytest

from shared.errors import BadUserInput, Conflict, Unavailable, UserError, UserErrors
from shared.ids import new_id
from shared.persistence import db, idempotency
from shared.persistence.idempotency import Answer, replayable_at_provider
from tests.integration.shared.conftest import Stage


class Provider:
    """Counts what it was asked for. It is told when to go on, and whether its answers are final."""

    def __init__(self, is_final: bool = True) -> None:
        self.calls = 0
        self.called, self.may_answer = asyncio.Event(), asyncio.Event()
        self._is_final = is_final
        self.may_answer.set()

    async def effect(self) -> Answer:
        self.calls += 1
        self.called.set()
        await self.may_answer.wait()
        return Answer(str(new_id()), self._is_final)

    async def ask(self, request: bytes = b"request") -> str:
        return await replayable_at_provider("scope", "key", request, self.effect)


async def test_fifty_requests_at_once_with_one_key_ask_the_provider_once_and_get_one_answer(stage: Stage) -> None:
    provider = Provider()
    answers = await asyncio.gather(*(provider.ask() for _ in range(50)))
    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert provider.calls == 1


async def test_another_request_with_the_same_key_is_a_conflict_even_in_flight(stage: Stage) -> None:
    provider = Provider()
    provider.may_answer.clear()
    first = asyncio.create_task(provider.ask())
    await provider.called.wait()
    with pytest.raises(Conflict):
        await provider.ask(b"another")
    provider.may_answer.set()
    await first
    with pytest.raises(Conflict):
        await provider.ask(b"another")
    assert provider.calls == 1


async def test_a_key_still_in_flight_is_answered_after_a_while(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.2)
    provider = Provider()
    provider.may_answer.clear()
    first = asyncio.create_task(provider.ask())
    await provider.called.wait()
    with pytest.raises(Unavailable, match="still being carried out; repeat it in a moment"):
        await provider.ask()
    provider.may_answer.set()
    assert await first == await provider.ask()
    assert provider.calls == 1


async def test_no_connection_is_held_while_the_provider_works(stage: Stage) -> None:
    providers = [Provider() for _ in range(30)]  # more than the pool has connections
    for provider in providers:
        provider.may_answer.clear()
    asking = [
        asyncio.create_task(replayable_at_provider("scope", str(number), b"request", provider.effect))
        for number, provider in enumerate(providers)
    ]
    await asyncio.gather(*(provider.called.wait() for provider in providers))
    assert await db.fetch_value("SELECT count(*) FROM idempotency") == 30
    for provider in providers:
        provider.may_answer.set()
    await asyncio.gather(*asking)


async def test_an_answer_that_is_not_final_is_not_kept(stage: Stage) -> None:
    provider = Provider(is_final=False)
    assert await provider.ask() != await provider.ask()
    assert provider.calls == 2


async def test_after_a_failure_the_same_request_may_be_repeated_at_once_and_another_may_not(stage: Stage) -> None:
    async def failing() -> Answer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await replayable_at_provider("scope", "key", b"request", failing)
    provider = Provider()
    with pytest.raises(Conflict):
        await provider.ask(b"another")
    await provider.ask()
    assert provider.calls == 1


async def test_after_a_rejection_that_changed_nothing_the_key_is_free_for_another_request(stage: Stage) -> None:
    async def rejecting() -> Answer:
        raise UserErrors(UserError("INVALID", "This is no card."))

    with pytest.raises(UserErrors):
        await replayable_at_provider("scope", "key", b"request", rejecting)
    provider = Provider()
    first = await provider.ask(b"another")
    assert await provider.ask(b"another") == first


async def test_a_rejection_that_was_overtaken_does_not_free_the_key_that_another_answered(stage: Stage) -> None:
    called, may_answer = asyncio.Event(), asyncio.Event()

    async def rejecting() -> Answer:
        called.set()
        await may_answer.wait()
        raise UserErrors(UserError("INVALID", "This is no card."))

    first = asyncio.create_task(replayable_at_provider("scope", "key", b"request", rejecting))
    await called.wait()
    await db.execute("UPDATE idempotency SET leased_until = clock_timestamp() - interval '1 second'")
    provider = Provider()
    answer = await provider.ask()
    may_answer.set()
    with pytest.raises(UserErrors):
        await first
    assert await provider.ask() == answer
    assert provider.calls == 1


async def test_a_caller_that_goes_away_leaves_a_key_that_can_be_repeated_at_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 0.2)
    provider = Provider()
    provider.may_answer.clear()
    first = asyncio.create_task(provider.ask())
    await provider.called.wait()
    first.cancel()
    await asyncio.wait([first])
    provider.may_answer.set()
    await provider.ask()
    assert provider.calls == 2


async def test_a_stalled_request_is_overtaken_when_its_lease_ended_and_both_get_the_first_answer(stage: Stage) -> None:
    stalled, second = Provider(), Provider()
    stalled.may_answer.clear()
    first = asyncio.create_task(stalled.ask())
    await stalled.called.wait()
    await db.execute("UPDATE idempotency SET leased_until = clock_timestamp() - interval '1 second'")
    answer = await second.ask()
    stalled.may_answer.set()
    assert await first == answer


async def test_a_key_of_the_wrong_form_is_rejected_by_name_before_any_effect(stage: Stage) -> None:
    provider = Provider()
    with pytest.raises(BadUserInput) as rejection:
        await replayable_at_provider("scope", "", b"request", provider.effect)
    assert rejection.value.field == ("idempotencyKey",)
    assert provider.calls == 0
