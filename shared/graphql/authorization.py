"""Enforces what the SDL says: ``@authenticated`` and ``@requiresScopes`` of the Federation 2.5 specification.

The router enforces them too; a subgraph never relies on it, and ``_entities`` reaches the same fields.
"""

from collections.abc import Callable, Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    StringValueNode,
    default_field_resolver,
)

from shared.errors import Forbidden, Unauthenticated
from shared.graphql.context import Info, principal_of
from shared.security.auth import Principal

Requirement = Callable[[Principal | None], None]


def enforce_authorization(schema: GraphQLSchema) -> None:
    """Puts a check in front of each field that has, or whose type has, one of the two directives."""
    for object_type in _object_types(schema):
        of_type = _requirements(object_type)
        for field in object_type.fields.values():
            requirements = [*of_type, *_requirements(field)]
            if requirements:
                field.resolve = _guarded(field.resolve or default_field_resolver, requirements)


def _object_types(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    for named_type in schema.type_map.values():
        if isinstance(named_type, GraphQLObjectType) and not named_type.name.startswith("__"):
            yield named_type


def _guarded(resolve: Callable[..., Any], requirements: list[Requirement]) -> Callable[..., Any]:
    def guarded(source: Any, info: Info, **arguments: Any) -> Any:
        for require in requirements:
            require(principal_of(info))
        return resolve(source, info, **arguments)

    return guarded


def _requirements(element: Any) -> list[Requirement]:
    nodes = [element.ast_node, *(getattr(element, "extension_ast_nodes", None) or ())]
    directives = [directive for node in nodes if node for directive in node.directives or ()]
    return [requirement for directive in directives if (requirement := _requirement(directive))]


def _requirement(directive: DirectiveNode) -> Requirement | None:
    match directive.name.value:
        case "authenticated":
            return _require_authentication
        case "requiresScopes":
            return _scope_requirement(_scope_sets(directive))
    return None


def _require_authentication(principal: Principal | None) -> None:
    if principal is None:
        raise Unauthenticated("Log in first: this needs an access token.")


def _scope_requirement(alternatives: list[frozenset[str]]) -> Requirement:
    def require_scopes(principal: Principal | None) -> None:
        _require_authentication(principal)
        assert principal is not None
        if not any(scopes <= principal.scopes for scopes in alternatives):
            wanted = " or ".join(" and ".join(sorted(scopes)) for scopes in alternatives)
            raise Forbidden(f"This needs a token with the scope {wanted}.")

    return require_scopes


def _scope_sets(directive: DirectiveNode) -> list[frozenset[str]]:
    """The outer list of ``scopes`` means "or", the inner ones mean "and"."""
    (argument,) = [argument for argument in directive.arguments or () if argument.name.value == "scopes"]
    assert isinstance(argument.value, ListValueNode)
    alternatives = [inner for inner in argument.value.values if isinstance(inner, ListValueNode)]
    return [
        frozenset(scope.value for scope in inner.values if isinstance(scope, StringValueNode)) for inner in alternatives
    ]
