"""The idempotency rule in GraphQL resolvers and gRPC services."""

from types import SimpleNamespace
from typing import cast

import pytest
from google.protobuf.wrappers_pb2 import Int64Value, StringValue

from shared import db
from shared.auth import Principal
from shared.errors import Conflict, Unauthenticated
from shared.graphql.context import Info, RequestContext
from shared.graphql.idempotency import replayable_mutation
from shared.ids import new_id
from shared.rpc.idempotency import replayable_provider_response, replayable_response
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
    assert await replayable_mutation(info, {"lines": [{"quantity": 1, "id": "2"}], "order_id": "1"}, "key", effect) == first
    with pytest.raises(Conflict):
        await replayable_mutation(info, {"order_id": "1", "lines": []}, "key", effect)


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
