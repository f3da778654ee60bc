"""Executes prepared operations, each within its limits: of time, of values, and as long as somebody waits for the answer."""

import asyncio
import logging
from typing import Any

from graphql import ExecutionResult, Executor, GraphQLSchema, execute
from graphql.execution.values import VariableValues

from shared.callers import Caller
from shared.graphql import limits
from shared.graphql.completion import TooManyValues
from shared.graphql.context import RequestContext
from shared.graphql.documents import PreparedOperation

logger = logging.getLogger(__name__)

_WATCH_AFTER_SECONDS = 0.02  # nearly all requests are answered by then, and pay nothing for being watched
# Turns of the event loop until it is known of a caller that has gone already: one to watch, the others for its connection's end.
_TURNS = 6


class _Overspent(BaseException):
    """Ends an execution as a whole: graphql-core takes any Exception for the failure of one field."""


class _BoundedExecutor(Executor[Any]):
    """graphql-core's executor with a budget of values."""

    _left = limits.VALUES_BY_SPECIFICATION

    def complete_value(self, *args: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _Overspent
        return super().complete_value(*args)


async def executed(
    schema: GraphQLSchema,
    operation: PreparedOperation,
    raw_variables: dict[str, Any],
    variables: VariableValues,
    context: RequestContext,
    caller: Caller,
) -> ExecutionResult:
    """The operation's outcome.

    Raises:
        TooManyValues: when its answer would have more values than one may.
        CallerGone: when nobody waits for it any more.
        Unavailable: when it took too long.
    """
    if operation.is_query:
        return await caller.attended(_queried(schema, operation, raw_variables, variables, context, caller), _WATCH_AFTER_SECONDS)
    return await caller.attended(_mutated(schema, operation, raw_variables, context, caller), 0.0)


async def _queried(
    schema: GraphQLSchema,
    operation: PreparedOperation,
    raw_variables: dict[str, Any],
    variables: VariableValues,
    context: RequestContext,
    caller: Caller,
) -> ExecutionResult:
    with caller.abandonable():
        if operation.compiled is not None:
            try:
                return ExecutionResult(await operation.compiled.execute(context, variables))
            except TooManyValues:
                raise
            except Exception as error:
                # Its kind alone: its text may have what the caller sent.
                logger.debug("a compiled query did not go well: %s", type(error).__name__)
        return await _by_specification(schema, operation, raw_variables, context)


async def _mutated(
    schema: GraphQLSchema, operation: PreparedOperation, variables: dict[str, Any], context: RequestContext, caller: Caller
) -> ExecutionResult:
    """Each of its mutations is begun only while somebody waits, and goes on to its end."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    caller.require_present()
    context.caller = caller
    return await _by_specification(schema, operation, variables, context)


async def _by_specification(
    schema: GraphQLSchema, operation: PreparedOperation, variables: dict[str, Any], context: RequestContext
) -> ExecutionResult:
    name = operation.definition.name.value if operation.definition.name else None
    try:
        outcome = execute(
            schema, operation.document, None, context, variables, name, max_coercion_errors=1, executor_class=_BoundedExecutor
        )
        return outcome if isinstance(outcome, ExecutionResult) else await outcome
    except _Overspent:
        raise TooManyValues from None
