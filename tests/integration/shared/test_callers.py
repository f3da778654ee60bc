"""Work ends with whoever waits for it: a real server on a real database, asked by clients that hang up."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from ariadne import MutationType, QueryType
from graphql import GraphQLSchema

from shared.errors import ServiceError
from shared.graphql import limits
from shared.graphql.context import Info
from shared.graphql.federation import build_schema
from shared.persistence import db
from shared.persistence.migration import tortoise_config
from shared.runtime import callers
from shared.runtime.app import serving_app
from shared.runtime.listening import listening
from shared.security.auth import TokenVerifier
from shared.security.secrets import Secret
from tests.backends import Backends
from tests.subgraphs import built, eventually, fresh_environment
from tilt.embedded.ports import free_port

SDL = """
type Query { slow(how: String = "alone"): Int things(size: Int!): [Thing!]! }
type Thing { id: ID! }
type Mutation { first: Int second: Int }
"""
SLEEP = "SELECT 1 FROM pg_sleep(600)"
# One that is active and does not sleep yet is about to be executed, and Postgres would not hear that it is to end.
ASLEEP = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event = 'PgSleep' AND query = $1"""


@dataclass
class Service:
    """A subgraph made for these tests, and what happened in it."""

    url: str = ""
    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    proceed: asyncio.Event = field(default_factory=asyncio.Event)
    info: Info | None = None

    async def ask(self, query: str) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.url, timeout=60) as http:
            response = await http.post("/graphql", json={"query": query}, headers={"x-router-secret": "secret"})
            answer: dict[str, Any] = response.json()
            return answer

    async def begins(self, name: str) -> None:
        async def look() -> bool:
            return name in self.begun

        await eventually(look, f"{name} has begun")

    async def statements(self, count: int) -> None:
        async def look() -> bool:
            asleep: int = await db.fetch_value(ASLEEP, SLEEP)
            return asleep == count

        await eventually(look, f"{count} statements are under way")

    async def caller_noticed_gone(self) -> bool:
        assert self.info is not None
        assert self.info.context.caller is not None
        try:
            self.info.context.caller.require_present()
        except ServiceError:
            return True
        return False

    def schema(self) -> GraphQLSchema:
        query, mutation = QueryType(), MutationType()

        @query.field("slow")
        async def slow(_: object, info: Info, how: str) -> Any:
            self.begun.append(how)
            if how == "alone":
                return await db.fetch_value(SLEEP)
            return await asyncio.shield(callers.start(db.fetch_value(SLEEP)))

        @query.field("things")
        def things(_: object, info: Info, size: int) -> Any:
            self.begun.append("things")
            return [{"id": number} for number in range(size)]

        @mutation.field("first")
        async def first(_: object, info: Info) -> int:
            self.info = info
            self.begun.append("first")
            await self.proceed.wait()
            self.ended.append("first")
            return 1

        @mutation.field("second")
        async def second(_: object, info: Info) -> int:
            self.begun.append("second")
            return 2

        return build_schema(SDL, (query, mutation), ())


@pytest_asyncio.fixture
async def service(backends: Backends) -> AsyncIterator[Service]:
    environment = await fresh_environment(backends, "inventory")
    service, port = Service(), free_port()
    service.url = f"http://127.0.0.1:{port}"
    verifier = TokenVerifier("http://127.0.0.1:1", "mercato", "mercato", None)
    app = serving_app(service.schema(), verifier, Secret("secret"), None, ())
    async with (
        db.connected(tortoise_config(built("inventory", environment))),
        listening(app, "127.0.0.1", port, asyncio.Event()),
    ):
        yield service


async def hang_up(asking: asyncio.Task[Any]) -> None:
    """httpx closes the connection of a request that is cancelled."""
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking


@pytest.mark.parametrize(
    "query",
    [
        "{ slow }",
        '{ slow(how: "batched") }',
        '{ slow other: slow(how: "batched") }',
        "{ slow @include(if: true) other: slow }",
        '{ __schema { queryType { name } } slow(how: "batched") }',
    ],
)
async def test_the_statements_of_a_query_end_when_its_caller_has_gone(service: Service, query: str) -> None:
    asking = asyncio.create_task(service.ask(query))
    await service.statements(query.count("slow"))
    await hang_up(asking)
    await service.statements(0)
    assert len(service.begun) == query.count("slow")  # graphql-core did not try again


async def test_a_query_that_takes_too_long_ends_with_its_statements(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUERY_SECONDS", 1.0)
    answer = await service.ask('{ slow other: slow(how: "batched") }')
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "data" not in answer
    await service.statements(0)
    assert len(service.begun) == 2


@pytest.mark.parametrize("how", ["alone", "batched"])
async def test_one_query_has_three_statements_at_once_and_leaves_connections_to_others(
    service: Service, how: str
) -> None:
    fields = " ".join(f'a{number}: slow(how: "{how}")' for number in range(30))
    asking = [asyncio.create_task(service.ask(f"{{ {fields} }}")) for _ in range(2)]
    await service.statements(6)
    assert len(service.begun) == 60
    assert await db.fetch_value("SELECT 7") == 7
    for each in asking:
        await hang_up(each)
    await service.statements(0)


async def test_connections_are_whole_after_their_statements_were_ended(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUERY_SECONDS", 0.2)
    for _ in range(12):  # more often than the pool has connections
        await service.ask("{ slow }")
    assert await db.fetch_value("SELECT 7") == 7


async def test_a_mutation_under_way_goes_on_to_its_end_and_the_next_one_is_not_begun(service: Service) -> None:
    asking = asyncio.create_task(service.ask("mutation { first second }"))
    await service.begins("first")
    await hang_up(asking)
    await eventually(service.caller_noticed_gone, "the caller's going is noticed")
    service.proceed.set()

    async def first_has_ended() -> bool:
        return service.ended == ["first"]

    await eventually(first_has_ended, "the mutation under way ends")
    assert await service.ask("mutation { second }") == {"data": {"second": 2}}
    assert service.begun == ["first", "second"]


async def test_a_mutation_whose_caller_has_gone_before_is_not_begun(service: Service) -> None:
    body = json.dumps({"query": "mutation { second }"})
    head = f"POST /graphql HTTP/1.1\r\nhost: x\r\nx-router-secret: secret\r\ncontent-length: {len(body)}\r\n\r\n"
    address = urlsplit(service.url)
    assert await service.ask("{ __typename }") == {"data": {"__typename": "Query"}}
    for _ in range(5):
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall((head + body).encode())
    assert await service.ask("{ things(size: 1) { id } }") == {"data": {"things": [{"id": "0"}]}}
    assert "second" not in service.begun


@pytest.mark.parametrize(
    "query", ["{ things(size: 20001) { id } }", "{ things(size: 10001) { id @include(if: true) } }"]
)
async def test_an_answer_of_too_many_values_is_given_up_and_not_tried_again(service: Service, query: str) -> None:
    answer = await service.ask(query)
    assert answer["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert "data" not in answer
    assert service.begun == ["things"]
