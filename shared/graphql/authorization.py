"""Enforces what the SDL says: ``@authenticated`` and ``@requiresScopes`` of Federation 2.5, ``@policy`` of 2.6.

The router enforces the first two as well; a subgraph never relies on it, and ``_entities`` reaches the same fields.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    default_field_resolver,
    get_named_type,
    is_leaf_type,
)

from shared.errors import Forbidden, Unauthenticated
from shared.graphql.context import Info, principal_of
from shared.graphql.contract import ContractError, directive_arguments
from shared.graphql.keys import directives_of
from shared.security.auth import Principal

Requirement = Callable[[Principal | None], None]
# Whether a caller, who may be anonymous, meets the policy. It is asked for each field again, so it has to be quick.
Policy = Callable[[Principal | None], bool]
Policies = Mapping[str, Policy]


def enforce_authorization(schema: GraphQLSchema, policies: Policies) -> None:
    """Puts a check in front of each field that needs one.

    It needs one by the directives of itself, of its type, of the scalar or enum that it answers, and of the interfaces
    that it is part of: all of them have to be met.

    Raises:
        ContractError: when the SDL names a policy that ``policies`` has not.
    """
    requirements = _Requirements(policies)
    for object_type in _object_types(schema):
        for name, field in object_type.fields.items():
            required = list(requirements.of_field(object_type, name, field))
            if required:
                field.resolve = _guarded(field.resolve or default_field_resolver, required)


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


class _Requirements:
    """What the directives of a schema ask of callers."""

    def __init__(self, policies: Policies) -> None:
        self._policies = policies

    def of_field(self, owner: GraphQLObjectType, name: str, field: GraphQLField) -> Iterator[Requirement]:
        """Of a field, and of all that it is part of."""
        yield from self._of(owner)
        yield from self._of(field)
        answered = get_named_type(field.type)
        if is_leaf_type(answered):
            yield from self._of(answered)
        for interface in owner.interfaces:
            yield from self._of_interface(interface, name)

    def _of_interface(self, interface: GraphQLInterfaceType, name: str) -> Iterator[Requirement]:
        if name in interface.fields:
            yield from self._of(interface)
            yield from self._of(interface.fields[name])

    def _of(self, element: Any) -> Iterator[Requirement]:
        if any(directives_of(element, "authenticated")):
            yield _require_authentication
        for directive in directives_of(element, "requiresScopes"):
            yield _scope_requirement(_alternatives(directive, "scopes"))
        for directive in directives_of(element, "policy"):
            yield self._policy_requirement(directive)

    def _policy_requirement(self, directive: DirectiveNode) -> Requirement:
        alternatives = _alternatives(directive, "policies")
        for name in sorted(frozenset().union(*alternatives)):
            if name not in self._policies:
                raise ContractError(
                    f'@policy names "{name}", which nothing decides: give the Subgraph of bootstrap.py a policy of it',
                    directive,
                )
        return _policy_requirement(alternatives, self._policies)


def _require_authentication(principal: Principal | None) -> None:
    if principal is None:
        raise Unauthenticated("Log in first: this needs an access token.")


def _scope_requirement(alternatives: list[frozenset[str]]) -> Requirement:
    def require_scopes(principal: Principal | None) -> None:
        _require_authentication(principal)
        assert principal is not None
        if not any(scopes <= principal.scopes for scopes in alternatives):
            raise Forbidden(f"This needs a token with the scope {_written(alternatives)}.")

    return require_scopes


def _policy_requirement(alternatives: list[frozenset[str]], policies: Policies) -> Requirement:
    def require_policies(principal: Principal | None) -> None:
        if not any(all(policies[name](principal) for name in names) for names in alternatives):
            _require_authentication(principal)
            raise Forbidden(f"This needs a caller who meets the policy {_written(alternatives)}.")

    return require_policies


def _written(alternatives: list[frozenset[str]]) -> str:
    return " or ".join(" and ".join(sorted(names)) for names in alternatives)


def _alternatives(directive: DirectiveNode, argument: str) -> list[frozenset[str]]:
    """The outer list means "or", the inner ones mean "and"."""
    return [frozenset(inner) for inner in directive_arguments(directive)[argument]]
