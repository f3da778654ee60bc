"""The idempotency rule in GraphQL resolvers and gRPC services."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, TypeAlias, cast

import pytest
from google.protobuf.wrappers_pb2 import Int64Value, StringValue

from shared.errors import Conflict, Unauthenticated
from shared.graphql.context import Info, RequestContext
from shared.graphql.idempotency import once
from shared.ids import new_id
from shared.json import canonical
from shared.persistence import db
from shared.persistence.idempotency import replayable
from shared.persistence.work import UnitOfWork
from shared.rpc import idempotency as rpc
from shared.security.auth import Principal
from tests.integration.shared.conftest import Stage

WORK: UnitOfWork[None] = UnitOfWork(lambda _: None)


async def effect(_: object, work: None) -> str:
    return str(new_id())


def asked_by(principal: Principal | None, field_name: str = "orderCancel") -> Info:
    return cast(Info, SimpleNamespace(field_name=field_name, context=RequestContext(principal)))


def somebody() -> Principal:
    return Principal(new_id(), frozenset(), new_id(), datetime.now(UTC))


async def replayed(info: Info, input: Mapping[str, Any], key: str) -> str:
    """The answer of a mutation whose effect is one transaction."""
    return await WORK.perform_once(effect, None, once(info, input, key, str, str))


async def replayed_at_provider(info: Info, input: Mapping[str, Any], key: str) -> str:
    """The answer of a mutation that calls a provider."""
    return await WORK.perform_once_alone(effect, None, once(info, input, key, str, str))


async def test_a_repeated_mutation_answers_the_same_id_whatever_the_order_of_its_input(stage: Stage) -> None:
    info = asked_by(somebody())
    first = await replayed(info, {"order_id": "1", "lines": [{"id": "2", "quantity": 1}]}, "key")
    assert await replayed(info, {"lines": [{"quantity": 1, "id": "2"}], "order_id": "1"}, "key") == first
    with pytest.raises(Conflict):
        await replayed(info, {"order_id": "1", "lines": []}, "key")


Input: TypeAlias = dict[str, Any]
LINES: list[Input] = [
    {"line_id": "0188f7a0-0000-7000-8000-00000000000a", "quantity": 1},
    {"line_id": "x", "quantity": 2},
]
INPUT: Input = {"order_id": "0188f7a0-0000-7000-8000-00000000000b", "reason": "broken", "lines": LINES, "note": None}
PAID: Input = {"order_id": "x", "amount": {"amount": "5.00", "currency": "EUR"}}
SAME = {
    "null for what was left out": (INPUT, {name: value for name, value in INPUT.items() if name != "note"}),
    "a blank text for what was left out": (INPUT, INPUT | {"note": " \n"}),
    "white space around a text": (INPUT, INPUT | {"reason": "\u2003broken\n"}),
    "an id in capitals": (INPUT, INPUT | {"order_id": "0188F7A0-0000-7000-8000-00000000000B"}),
    "an id without hyphens": (INPUT, INPUT | {"order_id": "0188f7a000007000800000000000000b"}),
    "lines in another order": (INPUT, INPUT | {"lines": LINES[::-1]}),
    "an amount without its zeros": (PAID, PAID | {"amount": {"currency": "EUR", "amount": "5"}}),
}
OTHERS = {
    "another text": (INPUT, INPUT | {"reason": "Broken"}),
    "a text for what was left out": (INPUT, INPUT | {"note": "x"}),
    "a line twice": (INPUT, INPUT | {"lines": [*LINES, LINES[0]]}),
    "an empty list for what was left out": (PAID, PAID | {"lines": []}),
    "another quantity": (INPUT, INPUT | {"lines": [LINES[0] | {"quantity": 2}, LINES[1]]}),
    "another amount": (PAID, PAID | {"amount": {"amount": "5.01", "currency": "EUR"}}),
    "another currency": (PAID, PAID | {"amount": {"amount": "5.00", "currency": "USD"}}),
    "no amount at all": (PAID, PAID | {"amount": {"amount": "x", "currency": "EUR"}}),
}


@pytest.mark.parametrize("name", SAME)
async def test_an_input_that_means_the_same_is_the_same_request(stage: Stage, name: str) -> None:
    info, (one, other) = asked_by(somebody()), SAME[name]
    assert len({await replayed(info, each, "key") for each in (one, other, one)}) == 1
    assert len({await replayed_at_provider(info, each, "card") for each in (other, one, other)}) == 1


@pytest.mark.parametrize("name", OTHERS)
async def test_an_input_that_means_something_else_is_another_request(stage: Stage, name: str) -> None:
    info, (one, other) = asked_by(somebody()), OTHERS[name]
    await replayed(info, one, "key")
    with pytest.raises(Conflict):
        await replayed(info, other, "key")
    await replayed_at_provider(info, one, "card")
    with pytest.raises(Conflict):
        await replayed_at_provider(info, other, "card")


async def test_a_key_that_was_bound_to_the_input_as_it_came_answers_the_same_input_as_before(stage: Stage) -> None:
    who = somebody()
    info = asked_by(who)
    for key in ("key", "card"):
        await replayable(f"orderCancel:{who.user_id}", key, canonical(INPUT), _kept)
    assert await replayed(info, INPUT, "key") == "kept"
    assert await replayed_at_provider(info, INPUT, "card") == "kept"
    with pytest.raises(Conflict):
        await replayed(info, INPUT | {"reason": "late"}, "key")


async def _kept() -> str:
    return "kept"


async def test_a_key_is_its_callers_and_its_mutations_alone(stage: Stage) -> None:
    anna = somebody()
    infos = [asked_by(anna), asked_by(somebody()), asked_by(anna, "orderRefund")]
    assert len({await replayed(info, {"order_id": "1"}, "key") for info in infos}) == 3


async def test_an_anonymous_caller_has_no_keys(stage: Stage) -> None:
    with pytest.raises(Unauthenticated):
        await replayed(asked_by(None), {}, "key")
    assert await db.fetch_value("SELECT count(*) FROM idempotency") == 0


async def test_a_repeated_command_gets_the_first_response(stage: Stage) -> None:
    async def respond(number: int) -> str:
        key = rpc.once(Int64Value(value=number), "key", StringValue, answered)
        return (await WORK.perform_once(effect, None, key)).value

    first = await respond(1)
    assert await respond(1) == first
    with pytest.raises(Conflict):
        await respond(2)


async def test_a_response_of_a_provider_is_kept_when_it_is_final(stage: Stage) -> None:
    outcomes = iter(["ask the buyer", "done", "done again"])

    async def ask_provider(_: object, work: None) -> str:
        return next(outcomes)

    async def respond() -> str:
        key = rpc.once(Int64Value(value=1), "key", StringValue, answered)
        keyed = replace(key, is_final=lambda outcome: outcome != "ask the buyer")
        return (await WORK.perform_once_alone(ask_provider, None, keyed)).value

    assert [await respond() for _ in range(3)] == ["ask the buyer", "done", "done"]


def answered(outcome: str) -> StringValue:
    return StringValue(value=outcome)
