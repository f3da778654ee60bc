"""Mutations that may not be left to what was known a second ago: each asks whether its caller's session was revoked."""

from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from graphql import GraphQLField, GraphQLSchema

from shared.graphql.context import Info
from shared.graphql.keys import directives_of
from shared.graphql.names import AttributeResolver

_IDEMPOTENCY_KEY = "idempotencyKey"


def ask_whether_revoked(schema: GraphQLSchema) -> None:
    """Has each mutation that moves money or stock, or that only staff may do, ask the list itself before it begins."""
    for field in schema.mutation_type.fields.values() if schema.mutation_type else ():
        if field.resolve is not None and not isinstance(field.resolve, AttributeResolver) and _is_delicate(field):
            field.resolve = _asked_first(field.resolve)


def _is_delicate(field: GraphQLField) -> bool:
    return _IDEMPOTENCY_KEY in field.args or any(directives_of(field, "requiresScopes"))


def _asked_first(resolve: Callable[..., Any]) -> Callable[..., Any]:
    async def asked(source: Any, info: Info, **arguments: Any) -> Any:
        context = info.context
        if context.principal is not None and context.revocations is not None:
            await context.revocations.require_live_now(context.principal.session_id)
        outcome = resolve(source, info, **arguments)
        return await outcome if isawaitable(outcome) else outcome

    return asked
