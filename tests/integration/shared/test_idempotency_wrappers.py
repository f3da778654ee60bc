"""The idempotency rule in GraphQL resolvers and gRPC services."""

from functools import partial
from types import SimpleNamespace
from typing import Any, TypeAlias, cast

import pytest
from google.protobuf.wrappers_pb2 import Int64Value, StringValue

from shared.errors import Conflict, Unauthenticated
from shared.graphql.context import Info, RequestContext
from shared.graphql.idempotency import replayable_mutation, replayable_provider_mutation
from shared.ids import new_id
from shared.json import canonical
from shared.persistence import db
from shared.persistence.idempotency import Answer, replayable
from shared.rpc.idempotency import replayable_provider_response, replayable_response
from shared.security.auth import Principal
from tests.integration.shared.conftest import Stage


async def effect() -> str:
    return str(new_id())


def asked_by(principal: Principal | None, field_name: str = "orderCancel") -> Info:
    return cast(Info, SimpleNamespace(field_name=field_name, context=RequestContext(principal)))


def somebody() -> Principal:
    return Principal(new_id(), frozenset())


async def test_a_repeated_mutation_answers_the_same_id_whatever_the_order_of_its_input(stage: Stage) -> None:
    info = asked_by(somebody())
    first = await replayable_mutation(info, {"order_id": "1", "lines": [{"id": "2", "quantity": 1}]}, "key", effect)
    assert (
        await replayable_mutation(info, {"lines": [{"quantity": 1, "id": "2"}], "order_id": "1"}, "key", effect)
        == first
    )
    with pytest.raises(Conflict):
        await replayable_mutation(info, {"order_id": "1", "lines": []}, "key", effect)


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


async def final_effect() -> Answer:
    return Answer(await effect())


@pytest.mark.parametrize("name", SAME)
async def test_an_input_that_means_the_same_is_the_same_request(stage: Stage, name: str) -> None:
    info, (one, other) = asked_by(somebody()), SAME[name]
    assert len({await replayable_mutation(info, each, "key", effect) for each in (one, other, one)}) == 1
    assert (
        len({await replayable_provider_mutation(info, each, "card", final_effect) for each in (other, one, other)}) == 1
    )


@pytest.mark.parametrize("name", OTHERS)
async def test_an_input_that_means_something_else_is_another_request(stage: Stage, name: str) -> None:
    info, (one, other) = asked_by(somebody()), OTHERS[name]
    await replayable_mutation(info, one, "key", effect)
    with pytest.raises(Conflict):
        await replayable_mutation(info, other, "key", effect)
    await replayable_provider_mutation(info, one, "card", final_effect)
    with pytest.raises(Conflict):
        await replayable_provider_mutation(info, other, "card", final_effect)


async def test_a_key_that_was_bound_to_the_input_as_it_came_answers_the_same_input_as_before(stage: Stage) -> None:
    who = somebody()
    info = asked_by(who)
    for key, response in (("key", "kept"), ("card", "kept")):
        await replayable(f"orderCancel:{who.user_id}", key, canonical(INPUT), partial(_kept, response))
    assert await replayable_mutation(info, INPUT, "key", effect) == "kept"
    assert await replayable_provider_mutation(info, INPUT, "card", final_effect) == "kept"
    with pytest.raises(Conflict):
        await replayable_mutation(info, INPUT | {"reason": "late"}, "key", effect)


async def _kept(response: str) -> str:
    return response


async def test_a_key_is_its_callers_and_its_mutations_alone(stage: Stage) -> None:
    anna = somebody()
    infos = [asked_by(anna), asked_by(somebody()), asked_by(anna, "orderRefund")]
    assert len({await replayable_mutation(info, {"order_id": "1"}, "key", effect) for info in infos}) == 3


async def test_an_anonymous_caller_has_no_keys(stage: Stage) -> None:
    with pytest.raises(Unauthenticated):
        await replayable_mutation(asked_by(None), {}, "key", effect)
    assert await db.fetch_value("SELECT count(*) FROM idempotency") == 0


async def test_a_repeated_command_gets_the_first_response(stage: Stage) -> None:
    async def respond() -> StringValue:
        return StringValue(value=await effect())

    first = await replayable_response("key", Int64Value(value=1), StringValue, respond)
    assert await replayable_response("key", Int64Value(value=1), StringValue, respond) == first
    with pytest.raises(Conflict):
        await replayable_response("key", Int64Value(value=2), StringValue, respond)


async def test_a_response_of_a_provider_is_kept_when_it_is_final(stage: Stage) -> None:
    responses = iter([StringValue(value="ask the buyer"), StringValue(value="done"), StringValue(value="done again")])

    async def respond() -> StringValue:
        return next(responses)

    async def ask() -> str:
        request = Int64Value(value=1)
        answer = await replayable_provider_response(
            "key", request, StringValue, respond, lambda response: response.value != "ask the buyer"
        )
        return answer.value

    assert [await ask() for _ in range(3)] == ["ask the buyer", "done", "done"]
