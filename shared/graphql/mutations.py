"""Mutations: when they are begun, and their payloads: the changed object and ``errors``."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from graphql import GraphQLSchema

from shared.errors import Rejection, UserError, UserErrors, each_of
from shared.graphql.context import Info
from shared.graphql.names import AttributeResolver

Arguments = ParamSpec("Arguments")


Mapper = Callable[[Rejection, Mapping[str, Any]], UserError]


def payload(
    resolver: Callable[Arguments, Awaitable[dict[str, Any]]], mapper: Mapper | None = None
) -> Callable[Arguments, Awaitable[dict[str, Any]]]:
    """Makes a mutation's resolver answer the caller's mistakes in its payload's ``errors``, as the contract has it.

    ``mapper`` says how a rejection of the domain looks there, given the mutation's input;
    it raises one that is no mistake of the caller's.
    """

    @wraps(resolver)
    async def answer(*args: Arguments.args, **kwargs: Arguments.kwargs) -> dict[str, Any]:
        try:
            return {"errors": [], **await resolver(*args, **kwargs)}
        except UserErrors as failure:
            return {"errors": failure.errors}
        except Rejection as rejection:
            if mapper is None:
                raise
            given: Any = kwargs.get("input", {})
            return {"errors": [mapper(each, given) for each in each_of(rejection)]}

    return answer


def begin_only_for_callers_present(schema: GraphQLSchema) -> None:
    """Has no mutation begin whose caller has gone: of several in one request, the rest are left."""
    for field in schema.mutation_type.fields.values() if schema.mutation_type else ():
        if field.resolve is not None and not isinstance(field.resolve, AttributeResolver):
            field.resolve = _begun_if_present(field.resolve)


def _begun_if_present(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def begin(source: Any, info: Info, **arguments: Any) -> Any:
        if info.context.caller is not None:
            info.context.caller.require_present()
        return resolve(source, info, **arguments)

    return begin
