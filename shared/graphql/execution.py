"""Executes prepared operations, within limits of time and of values, and as long as somebody waits for the answer."""

import asyncio
from inspect import isawaitable
from typing import Any, cast

from graphql import ExecutionResult, Executor, GraphQLSchema, default_field_resolver, default_type_resolver
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues

from shared.graphql import limits
from shared.graphql.completion import TooManyValues
from shared.graphql.context import RequestContext
from shared.graphql.documents import PreparedOperation
from shared.graphql.fallbacks import note_fallback
from shared.runtime.callers import Caller

_WATCH_AFTER_SECONDS = 0.02  # nearly all requests are answered by then, and pay nothing for being watched
_TURNS = (
    4  # of the event loop; after two it is known of a caller that has gone already that its connection is at its end
)


class _OverspentError(BaseException):
    """Ends an execution as a whole: graphql-core takes any Exception for the failure of one field."""


class _BoundedExecutor(Executor[Any]):
    """graphql-core's executor with a budget of values."""

    _left = limits.VALUES_BY_SPECIFICATION

    def complete_value(self, *args: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise _OverspentError
        return super().complete_value(*args)


async def executed(
    schema: GraphQLSchema,
    operation: PreparedOperation,
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
        return await caller.attended(_queried(schema, operation, variables, context, caller), _WATCH_AFTER_SECONDS)
    return await caller.attended(_mutated(schema, operation, variables, context, caller), _WATCH_AFTER_SECONDS)


async def _queried(
    schema: GraphQLSchema,
    operation: PreparedOperation,
    variables: VariableValues,
    context: RequestContext,
    caller: Caller,
) -> ExecutionResult:
    with caller.abandonable():
        if operation.compiled is None:
            return await _by_specification(schema, operation, variables, context)
        try:
            return ExecutionResult(await operation.compiled.execute(context, variables))
        except TooManyValues:
            raise
        except Exception as error:
            answer = await _by_specification(schema, operation, variables, context)
            note_fallback(operation.label, operation.compiled, error, answer)
            return answer


async def _mutated(
    schema: GraphQLSchema,
    operation: PreparedOperation,
    variables: VariableValues,
    context: RequestContext,
    caller: Caller,
) -> ExecutionResult:
    """Each of its mutations is begun only while somebody waits, and goes on to its end."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    caller.require_present()
    context.caller = caller
    return await _by_specification(schema, operation, variables, context)


async def _by_specification(
    schema: GraphQLSchema, operation: PreparedOperation, variables: VariableValues, context: RequestContext
) -> ExecutionResult:
    executor = _BoundedExecutor(
        schema,
        operation.fragments,
        {name: FragmentDetails(fragment) for name, fragment in operation.fragments.items()},
        None,
        context,
        operation.definition,
        variables,
        default_field_resolver,
        default_type_resolver,
        default_field_resolver,
    )
    try:
        outcome = executor.execute_operation()
        return cast(ExecutionResult, await outcome if isawaitable(outcome) else outcome)
    except _OverspentError:
        raise TooManyValues from None
