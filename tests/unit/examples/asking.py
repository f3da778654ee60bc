"""Asks examples in this process, as whoever may see everything."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, graphql_sync

from shared.graphql.context import RequestContext
from shared.security.auth import Principal
from tilt.examples.contract import Contract, contract_of
from tilt.examples.pins import Pins
from tilt.examples.schema import answering

CALLER = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


class Anybody(frozenset[str]):
    """All scopes that there are."""

    def __ge__(self, other: object) -> bool:
        return True


def execute(contract: Contract, query: str, pins: Pins | None = None, **variables: Any) -> ExecutionResult:
    """What examples answer to a query."""
    known = pins or Pins()
    context = RequestContext(Principal(CALLER, Anybody(), CALLER, datetime.now(UTC)))
    return graphql_sync(answering(contract, lambda: known), query, context_value=context, variable_values=variables)


def ask(sdl: str | Contract, query: str, pins: Pins | None = None, **variables: Any) -> dict[str, Any]:
    """The data of a query that must go well."""
    result = execute(contract_of("shop", sdl) if isinstance(sdl, str) else sdl, query, pins, **variables)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data
