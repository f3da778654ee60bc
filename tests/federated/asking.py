"""Asks a schema as the router asks a subgraph."""

from collections.abc import Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLSchema

from shared.graphql.context import RequestContext
from shared.graphql.documents import DocumentCache
from shared.graphql.execution import executed
from shared.security.auth import Principal
from tests.unit.shared.callers import waiting_caller

ENTITIES = "query ($of: [_Any!]!) { _entities(representations: $of) { __typename %s } }"


async def ask(
    schema: GraphQLSchema, query: str, variables: Mapping[str, Any] | None = None, principal: Principal | None = None
) -> ExecutionResult:
    """The outcome, errors included."""
    operation = DocumentCache(schema).prepare(query, None)
    values = operation.variables.coerced(dict(variables or {}))
    return await executed(schema, operation, values, RequestContext(principal), waiting_caller())


async def entities(schema: GraphQLSchema, selection: str, *representations: Mapping[str, Any]) -> list[Any]:
    """The entities of these representations, which have to be there without an error."""
    result = await ask(schema, ENTITIES % selection, {"of": list(representations)})
    assert result.errors is None
    assert result.data is not None
    found: list[Any] = result.data["_entities"]
    return found
