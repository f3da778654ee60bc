"""What a mutation answers: the object that its input names, with what the input says of it, and no errors."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

_WORD = re.compile(r"[A-Z][a-z0-9]*$")


def payload_values(payload: GraphQLObjectType, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a payload: values of its fields, objects as mappings."""
    given = {name: value for name, value in arguments.items() if not isinstance(value, dict)}
    for value in arguments.values():
        given |= value if isinstance(value, dict) else {}
    known: dict[str, Any] = {}
    for name, field in payload.fields.items():
        known |= _known(name, field.type, given)
    return known


def _known(name: str, output: GraphQLOutputType, given: Mapping[str, Any]) -> dict[str, Any]:
    named = get_named_type(output)
    if name == "errors":
        return {name: []}
    if is_list_type(get_nullable_type(output)):
        return {}
    if is_leaf_type(named):
        return _known_leaf(name, named, given)
    return {name: _known_object(name, named, given)} if isinstance(named, GraphQLObjectType) else {}


def _known_leaf(name: str, named: GraphQLNamedType, given: Mapping[str, Any]) -> dict[str, Any]:
    is_id = named.name == "ID"
    value = given.get(name, given.get("id") if is_id else None)
    return {} if value is None else {name: value}


def _known_object(name: str, named: GraphQLObjectType, given: Mapping[str, Any]) -> dict[str, Any]:
    said = given.get(name)
    known = _said_of(named, said if isinstance(said, dict) else given)
    known.pop("id", None)
    own_id = next((given[each] for each in _names_of_id(name, named) if isinstance(given.get(each), str)), None)
    return known | ({"id": own_id} if own_id is not None and "id" in named.fields else {})


def _names_of_id(name: str, named: GraphQLObjectType) -> Iterator[str]:
    """What an input calls the id of an object: cartId, productVariantId, variantId, or id."""
    yield f"{name}Id"
    yield f"{named.name[:1].lower()}{named.name[1:]}Id"
    if last_word := _WORD.search(named.name):
        yield f"{last_word[0].lower()}Id"
    yield "id"


def _said_of(named: GraphQLObjectType, given: Mapping[str, Any]) -> dict[str, Any]:
    """What an input says of fields that are called the same and are plain values."""
    return {
        name: given[name]
        for name, field in named.fields.items()
        if given.get(name) is not None
        and is_leaf_type(get_nullable_type(field.type))
        and not isinstance(given[name], dict | list)
    }
