"""A compiled query that falls back to graphql-core without need is counted, and told once of each document."""

import asyncio
from typing import Any, NoReturn

import pytest
from ariadne import QueryType
from graphql import ExecutionResult
from prometheus_client import REGISTRY

from shared.errors import NotFound
from shared.graphql import compiled
from shared.graphql.completion import UnanswerableError
from shared.graphql.context import RequestContext
from shared.graphql.documents import DocumentCache, PreparedOperation
from shared.graphql.execution import executed
from shared.graphql.federation import build_schema
from tests.unit.shared.callers import waiting_caller

SDL = "type Query { torn: String missing: String away: String never: String! sound: String }"
query = QueryType()


@query.field("torn")
async def resolve_torn(_: Any, info: Any) -> NoReturn:
    raise RuntimeError("torn pages")


@query.field("missing")
def resolve_missing(_: Any, info: Any) -> NoReturn:
    raise NotFound("There is none.")


@query.field("away")
async def resolve_away(_: Any, info: Any) -> NoReturn:
    raise ConnectionError("no database")


@query.field("never")
def resolve_never(_: Any, info: Any) -> None:
    return None


@query.field("sound")
def resolve_sound(_: Any, info: Any) -> str:
    return "sound"


SCHEMA = build_schema(SDL, (query,), ())


@pytest.fixture
def documents() -> DocumentCache:
    return DocumentCache(SCHEMA)


def counted(operation: str, reason: str) -> float:
    labels = {"operation": operation, "reason": reason}
    return REGISTRY.get_sample_value("mercato_compiled_query_fallbacks_total", labels) or 0


async def answered(operation: PreparedOperation) -> ExecutionResult:
    variables = operation.variables.coerced({})
    return await executed(SCHEMA, operation, variables, RequestContext(None), waiting_caller())


async def test_an_unexpected_failure_is_counted_each_time_and_told_once(
    documents: DocumentCache, caplog: pytest.LogCaptureFixture
) -> None:
    before = counted("query torn", "RuntimeError")
    for _ in range(3):
        answer = await answered(documents.prepare("{ torn }", None))
        assert answer.data == {"torn": None}
    assert counted("query torn", "RuntimeError") == before + 3
    assert caplog.messages == ["a compiled query of query torn falls back to graphql-core: RuntimeError"]
    await answered(documents.prepare("{ again: torn }", None))
    assert len(caplog.messages) == 2


@pytest.mark.parametrize("field", ["missing", "away", "never"])
async def test_what_is_to_be_expected_is_neither_counted_nor_told(
    documents: DocumentCache, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    reasons = ("NotFound", "ConnectionError", "UnanswerableError")
    before = [counted(f"query {field}", reason) for reason in reasons]
    answer = await answered(documents.prepare(f"{{ {field} }}", None))
    assert answer.errors
    assert [counted(f"query {field}", reason) for reason in reasons] == before
    assert caplog.messages == []


async def test_that_only_graphql_core_finds_an_answer_is_counted(
    documents: DocumentCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finds_none(value: Any, run: Any) -> NoReturn:
        raise UnanswerableError

    operation = documents.prepare("{ sound }", None)
    monkeypatch.setattr(operation.compiled, "_root", finds_none)
    before = counted("query sound", "UnanswerableError")
    assert (await answered(operation)).data == {"sound": "sound"}
    assert counted("query sound", "UnanswerableError") == before + 1


async def test_a_query_that_the_compiler_trips_over_is_answered_all_the_same(
    documents: DocumentCache, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trips(*_: Any) -> NoReturn:
        raise KeyError("nobody thought of it")

    monkeypatch.setattr(compiled, "selected", trips)
    before = counted("compilation", "KeyError")
    async with asyncio.timeout(30):
        assert (await answered(documents.prepare("{ sound }", None))).data == {"sound": "sound"}
    assert counted("compilation", "KeyError") == before + 1
    assert caplog.messages == ["a query can't be compiled: KeyError"]
