"""A contract that answers: an executable schema whose every field has an example."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType

from shared.errors import BadUserInput, LimitExceeded
from shared.graphql.authorization import Policy, enforce_authorization
from shared.graphql.context import Info, principal_of
from tilt.examples.answers import Answers
from tilt.examples.asked import Asked
from tilt.examples.contract import Contract
from tilt.examples.objects import Example
from tilt.examples.pins import Pins
from tilt.examples.scalars import check_inputs

MAX_REPRESENTATIONS = 1000


class _EveryPolicy(dict[str, Policy]):
    """What decides them is code of the subgraph that does not run: here everybody meets each."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Policy:
        return lambda principal: True


def answering(contract: Contract, pins: Callable[[], Pins]) -> GraphQLSchema:
    """The contract's schema, with resolvers: examples, for callers who may see them, and Federation's protocol."""
    schema, answers = contract.schema, Answers(contract, pins)
    for named in schema.type_map.values():
        if named.name.startswith("_"):
            continue
        if isinstance(named, GraphQLObjectType):
            for name, field in named.fields.items():
                field.resolve = _resolver(answers, named.name, name, field)
        elif isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            named.resolve_type = lambda example, *_: example.typename
    check_inputs(schema)
    enforce_authorization(schema, _EveryPolicy())
    _bind_protocol(contract, answers)
    return schema


def _resolver(answers: Answers, typename: str, name: str, field: GraphQLField) -> Callable[..., Any]:
    root = Example(typename, typename)

    def resolve(source: Example | None, info: Info, **arguments: Any) -> Any:
        principal = principal_of(info)
        caller = str(principal.user_id) if principal else None
        return answers.value(Asked(source or root, name, field, arguments, caller))

    return resolve


def _bind_protocol(contract: Contract, answers: Answers) -> None:
    schema = contract.schema
    assert schema.query_type is not None
    service: Any = schema.type_map["_Service"]
    schema.query_type.fields["_service"].resolve = lambda *_: {"sdl": contract.sdl}
    service.fields["sdl"].resolve = lambda source, *_: source["sdl"]
    union = schema.type_map.get("_Entity")
    if isinstance(union, GraphQLUnionType):
        names = frozenset(each.name for each in union.types)
        union.resolve_type = lambda example, *_: example.typename
        schema.query_type.fields["_entities"].resolve = _entities(answers, names)


def _entities(answers: Answers, names: frozenset[str]) -> Callable[..., Any]:
    def resolve(_: Any, info: Info, representations: Sequence[Any]) -> list[Example]:
        if len(representations) > MAX_REPRESENTATIONS:
            raise LimitExceeded(f"{len(representations)} representations in one request", ("representations",))
        return [_entity(answers, names, each) for each in representations]

    return resolve


def _entity(answers: Answers, names: frozenset[str], representation: Any) -> Example:
    typename = representation.get("__typename") if isinstance(representation, Mapping) else None
    if typename not in names:
        raise BadUserInput(f"{str(typename)[:40]!r} is no entity of this subgraph.", ("representations", "__typename"))
    try:
        return answers.entity(representation)
    except ValueError as error:
        raise BadUserInput(f"{error}.", ("representations",)) from None
