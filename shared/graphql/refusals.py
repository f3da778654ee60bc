"""What the chassis can't hold of a contract stops the start: each refusal says where it is, and the way out."""

import re
from collections.abc import Iterator, Mapping, Sequence

from graphql import (
    DirectiveNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    Node,
    get_named_type,
    is_abstract_type,
)

from shared.graphql.contract import ContractError, directive_arguments
from shared.graphql.entities import AnyEntity, Entity
from shared.graphql.fieldsets import FieldSet
from shared.graphql.keys import Composite, Keyed, directives_of, keyed_types

_PERCENT = re.compile(r"percent\((\d{1,2}(\.\d{1,8})?|100(\.0{1,8})?)\)")


def require_held(schema: GraphQLSchema, entities: Sequence[AnyEntity]) -> None:
    """Returns for a contract of which everything is done.

    Raises:
        ContractError: naming the first thing that would not be.
    """
    keyed = keyed_types(schema)
    _require_told_apart(entities)
    _require_loaded(keyed, {entity.typename: entity for entity in entities})
    _require_types_told(schema, keyed)
    for named_type in _own_types(schema):
        if any(directives_of(named_type, "context")):
            raise _without_context(next(directives_of(named_type, "context")))
        if isinstance(named_type, Composite):
            for field in named_type.fields.values():
                _require_field_held(schema, named_type, field)
        elif isinstance(named_type, GraphQLInputObjectType):
            _require_no_cost_within(named_type)


def _own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    return (each for each in schema.type_map.values() if not each.name.startswith("__"))


def _require_loaded(keyed: Mapping[str, Keyed], entities: Mapping[str, AnyEntity]) -> None:
    for name in entities:
        if name not in keyed:
            raise ContractError(f"an Entity loads {name}, which has no @key in the SDL")
    for name, its in keyed.items():
        place = next(directives_of(its.named_type, "key"))
        entity = entities.get(name)
        if entity and not its.keys:
            raise ContractError(
                f"an Entity loads {name}, whose keys are all resolvable: false: leave out one of both", place
            )
        if entity is None and its.keys:
            raise ContractError(f"{name} has a @key and no Entity loads it: give one, or say resolvable: false", place)
        if isinstance(entity, Entity):
            _require_loaded_by_id(its, entity, place)


def _require_loaded_by_id(its: Keyed, entity: Entity, place: Node) -> None:
    name = its.named_type.name
    others = [key.text for key in its.keys if key.text != "id"]
    if others:
        raise ContractError(
            f'{name} has the key "{others[0]}", and an Entity loads by id: make it a RepresentedEntity', place
        )
    if its.requires and entity.with_required is None:
        raise ContractError(f'{name} requires "{its.requires[0].text}", and its Entity has no with_required', place)


def _require_told_apart(entities: Sequence[AnyEntity]) -> None:
    """A type has one Entity, and a value's class tells which type it is."""
    typenames: dict[type, str] = {}
    loaded: set[str] = set()
    for entity in entities:
        if entity.typename in loaded:
            raise ContractError(f"two Entities load {entity.typename}: leave out one of them")
        loaded.add(entity.typename)
        if entity.python_type is None:
            continue
        other = typenames.setdefault(entity.python_type, entity.typename)
        if other != entity.typename:
            its_class = entity.python_type.__name__
            raise ContractError(f"{other} and {entity.typename} are both loaded as {its_class}: give each its own")


def _require_types_told(schema: GraphQLSchema, keyed: Mapping[str, Keyed]) -> None:
    """Those of interfaces with a key are told by their entities, and those of external fields by other subgraphs."""
    for owner in _own_types(schema):
        for name, field in owner.fields.items() if isinstance(owner, Composite) else ():
            answered = get_named_type(field.type)
            is_told = answered.name in {*keyed, "_Entity"} or any(directives_of(field, "external"))
            if is_abstract_type(answered) and answered.resolve_type is None and not is_told:
                raise ContractError(
                    f"{owner.name}.{name} answers {answered.name}, and nothing tells a value's type:"
                    f" bind a type resolver of {answered.name}",
                    field.ast_node,
                )


def _require_field_held(schema: GraphQLSchema, owner: Composite, field: GraphQLField) -> None:
    for directive in directives_of(field, "provides"):
        FieldSet(str(directive_arguments(directive).get("fields")), schema, get_named_type(field.type), directive)
    for directive in directives_of(field, "override"):
        _require_known_label(directive)
    for directive in directives_of(field, "listSize"):
        _require_size_reckoned(directive, field)
    for argument in field.args.values():
        for directive in directives_of(argument, "fromContext"):
            raise _without_context(directive)


def _require_known_label(directive: DirectiveNode) -> None:
    label = directive_arguments(directive).get("label")
    if label is not None and not _PERCENT.fullmatch(str(label)):
        raise ContractError(
            f'@override has the label "{label}", and routers know "percent(0)" to "percent(100)"', directive
        )


def _require_size_reckoned(directive: DirectiveNode, field: GraphQLField) -> None:
    said = directive_arguments(directive)
    slicing = said.get("slicingArguments") or ()
    unknown = [name for name in slicing if name not in field.args]
    if unknown:
        raise ContractError(f'@listSize slices by "{unknown[0]}", which is no argument of the field', directive)
    if slicing and said.get("requireOneSlicingArgument", True):
        raise ContractError(
            "@listSize requires one of its slicing arguments, which nothing holds callers to:"
            " write requireOneSlicingArgument: false",
            directive,
        )


def _require_no_cost_within(input_type: GraphQLInputObjectType) -> None:
    for name, field in input_type.fields.items():
        for directive in directives_of(field, "cost"):
            raise ContractError(
                f"{input_type.name}.{name} has a @cost, and what is inside of inputs is not reckoned:"
                " put it on the argument",
                directive,
            )


def _without_context(directive: DirectiveNode) -> ContractError:
    return ContractError(
        f"@{directive.name.value} is lost in the Node router: let callers give the argument, or have it by @requires",
        directive,
    )
