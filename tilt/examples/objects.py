"""The objects that examples are about: which there are, and what tells one from another.

Of each type that has a key there are a few dozen, so that what is listed can be looked up and what is referred to is
in a list. What others ask for by a key of their own is one more.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, GraphQLOutputType, get_named_type

from shared.graphql.keys import directives_of
from tilt.examples import draws
from tilt.examples.contract import Contract, KeyFields
from tilt.examples.leaves import leaf

MEMBERS = 36


@dataclass(frozen=True, slots=True)
class Example:
    """An object. ``identity`` decides what its fields are; of ``known`` that is said already.

    ``name`` is what pins call it by: the value of its key, where that is one field.
    """

    typename: str
    identity: str
    known: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None


class Objects:
    """The objects of one subgraph; ``pinned`` names those that pins tell of, of a type."""

    def __init__(self, contract: Contract, pinned: Callable[[str], Sequence[str]]) -> None:
        self._schema = contract.schema
        self._keys = contract.keys
        self._pinned = pinned

    def is_keyed(self, typename: str) -> bool:
        """Whether the objects of a type can be told apart."""
        return typename in self._keys

    def members(self, typename: str) -> list[Example]:
        """All of a type that lists are made of; those that pins tell of come first."""
        return [self.member(typename, index) for index in range(MEMBERS)]

    def member(self, typename: str, index: int) -> Example:
        """One of them, by a number of any size."""
        pinned, index = self._pinned(typename), index % MEMBERS
        if index < len(pinned):
            return self.named(typename, pinned[index])
        key = self._keys[typename][0]
        return self.of_key(typename, self._key_values(typename, key, f"{typename}#{index}"))

    def named(self, typename: str, name: str) -> Example:
        """The one that pins call so."""
        (only,) = self._keys[typename][0]
        return self.of_key(typename, {only: name})

    def of_key(self, typename: str, known: Mapping[str, Any]) -> Example:
        """The one with these values in one of its keys; ``known`` may hold more, such as what ``@requires`` names."""
        key = next((key for key in self._keys[typename] if has_key(key, known)), None)
        if key is None:
            raise ValueError(f"{typename} has no key of {', '.join(known) or 'nothing'}")
        values = {name: known[name] for name in sorted(key)}
        name = str(next(iter(values.values()))) if len(values) == 1 else None
        return Example(typename, f"{typename}:{json.dumps(values, sort_keys=True, default=str)}", known, name)

    def has_key(self, typename: str, known: Mapping[str, Any]) -> bool:
        """Whether these values are enough to tell which one it is."""
        return any(has_key(key, known) for key in self._keys.get(typename, ()))

    def concrete(self, named: Any, place: str) -> GraphQLObjectType:
        """A type that an object of a type can be: itself, or one of an interface or a union."""
        if isinstance(named, GraphQLObjectType):
            return named
        return draws.pick(place, sorted(self._schema.get_possible_types(named), key=lambda each: each.name))

    def _key_values(self, typename: str, key: KeyFields, place: str) -> dict[str, Any]:
        fields = _fields(self._schema.type_map[typename])
        return {name: self._key_value(typename, name, fields[name].type, below, place) for name, below in key.items()}

    def _key_value(
        self, typename: str, name: str, output: GraphQLOutputType, below: KeyFields | None, place: str
    ) -> Any:
        named = get_named_type(output)
        if below is not None:
            return self._key_values(self.concrete(named, place).name, below, f"{place}.{name}")
        own_place = place if name == "id" else f"{place}.{name}"
        return (
            enum_value(named, own_place)
            if isinstance(named, GraphQLEnumType)
            else leaf(named.name, typename, name, own_place)
        )


def has_key(key: KeyFields, known: Any) -> bool:
    """Whether all fields of a key are known."""
    return isinstance(known, Mapping) and all(
        known.get(name) is not None and (below is None or has_key(below, known[name])) for name, below in key.items()
    )


def enum_value(enum: GraphQLEnumType, place: str) -> str:
    """A member that clients may see."""
    visible: Iterable[str] = (
        name for name, value in enum.values.items() if not any(directives_of(value, "inaccessible"))
    )
    return draws.pick(place, list(visible))


def _fields(named: Any) -> Any:
    assert isinstance(named, GraphQLObjectType | GraphQLInterfaceType)
    return named.fields
