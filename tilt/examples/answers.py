"""What examples answer: a field's value, from what is known, what is pinned, or what its type allows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from tilt.examples import draws
from tilt.examples.asked import Asked
from tilt.examples.contract import Contract
from tilt.examples.leaves import leaf
from tilt.examples.objects import Example, Objects, enum_value
from tilt.examples.pages import is_connection, node_type, page
from tilt.examples.payloads import payload_values
from tilt.examples.pins import NOT_PINNED, Pins

_ME = "me"  # what everybody calls the field with the caller
_ONE_IN = 8  # nullable values are null: rarely enough to look at, often enough to be thought of


class Answers:
    """The answers of one subgraph; ``pins`` are asked for each time, since they may be edited meanwhile."""

    def __init__(self, contract: Contract, pins: Callable[[], Pins]) -> None:
        self._pins = pins
        self._roots = {root.name: root for root in (contract.schema.query_type, contract.schema.mutation_type) if root}
        self._is_mutation = {root.name: root is contract.schema.mutation_type for root in self._roots.values()}
        self.objects = Objects(contract, lambda typename: pins().names(typename))

    def value(self, asked: Asked) -> Any:
        """The value of a field: of a leaf as JSON has it, of an object an Example.

        Raises:
            BadUserInput: as a real subgraph would.
        """
        example, output = asked.example, asked.definition.type
        if asked.name in example.known:
            return self._shaped(output, example.known[asked.name], asked, asked.place)
        pinned = self._pins().find(example.typename, example.name, asked.name, asked.arguments)
        if pinned is not NOT_PINNED:
            return self._shaped(output, pinned, asked, asked.place)
        if example.typename in self._roots:
            return self._of_root(asked)
        return self._made(output, asked, asked.place)

    def entity(self, representation: Mapping[str, Any]) -> Example:
        """The object that a representation means; what it says is known.

        Raises:
            ValueError: when it has no key of its type.
        """
        known = {name: value for name, value in representation.items() if name != "__typename"}
        return self.objects.of_key(representation["__typename"], known)

    def _of_root(self, asked: Asked) -> Any:
        output, named = asked.definition.type, get_named_type(asked.definition.type)
        if not isinstance(named, GraphQLObjectType):
            return self._made(output, asked, asked.place)
        if self._is_mutation[asked.example.typename]:
            return self._shaped(output, payload_values(named, asked.arguments), asked, asked.place)
        if asked.name == _ME and self.objects.is_keyed(named.name):
            return None if asked.caller is None else self.objects.named(named.name, asked.caller)
        if not is_connection(named) and not _is_list(output) and self.objects.is_keyed(named.name):
            return self._looked_up(named, asked)
        return self._made(output, asked, asked.place)

    def _looked_up(self, named: GraphQLObjectType, asked: Asked) -> Example | None:
        """The one with these arguments: by its key any, by other fields one of those that are listed."""
        given = {name: each for name, each in asked.arguments.items() if each is not None and name in named.fields}
        if self.objects.has_key(named.name, given):
            return self.objects.of_key(named.name, given)
        if not given:
            nobody = asked.arguments and not isinstance(asked.definition.type, GraphQLNonNull)
            return None if nobody else self.objects.member(named.name, 0)
        fitting = (each for each in self.objects.members(named.name) if self._fits(each, named, given))
        return next(fitting, None)

    def _fits(self, example: Example, named: GraphQLObjectType, given: Mapping[str, Any]) -> bool:
        return all(self.value(Asked(example, name, named.fields[name], {})) == value for name, value in given.items())

    def _shaped(self, output: Any, value: Any, asked: Asked, place: str) -> Any:
        """A value that is said, as its type has it: what it does not say of an object is made."""
        if isinstance(output, GraphQLNonNull):
            return self._shaped(output.of_type, value, asked, place)
        if value is None or isinstance(value, Example) or is_leaf_type(output):
            return value
        if isinstance(output, GraphQLList):
            return [self._shaped(output.of_type, each, asked, f"{place}[{i}]") for i, each in enumerate(value)]
        if is_connection(output) and isinstance(value, Sequence):
            node = node_type(output)
            nodes = [self._shaped(node, each, asked, f"{place}[{i}]") for i, each in enumerate(value)]
            return page(output, nodes, asked)
        return self._object(output, {} if isinstance(value, str) else value, asked, place, name=value)

    def _object(self, output: Any, known: Mapping[str, Any], asked: Asked, place: str, name: Any = None) -> Example:
        typename = known.get("__typename") or self.objects.concrete(output, place).name
        if isinstance(name, str):
            return self.objects.named(typename, name)
        if self.objects.has_key(typename, known):
            return self.objects.of_key(typename, known)
        if not self.objects.is_keyed(typename):
            return Example(typename, place, known)
        member = self.objects.member(typename, draws.number(place, 0, 10_000))
        return Example(typename, member.identity, {**member.known, **known}, member.name)

    def _made(self, output: Any, asked: Asked, place: str) -> Any:
        """A value of a type that nothing is said of."""
        if isinstance(output, GraphQLNonNull):
            return self._made_present(output.of_type, asked, place)
        if is_leaf_type(output) and draws.number(f"{place}?", 1, _ONE_IN) == 1:
            return None
        return self._made_present(output, asked, place)

    def _made_present(self, output: Any, asked: Asked, place: str) -> Any:
        if isinstance(output, GraphQLList):
            return self._made_list(output.of_type, asked, place)
        if isinstance(output, GraphQLEnumType):
            return enum_value(output, place)
        if is_leaf_type(output):
            return leaf(output.name, asked.example.typename, asked.name, place)
        if is_connection(output):
            return page(output, self._listed(node_type(output), asked, place), asked)
        return self._object(output, {}, asked, place)

    def _made_list(self, item: Any, asked: Asked, place: str) -> list[Any]:
        """A few, each another one."""
        count = draws.number(f"{place}#", 1, 4)
        named = self.objects.concrete(get_named_type(item), place) if not is_leaf_type(get_named_type(item)) else None
        if named is not None and self.objects.is_keyed(named.name) and not _is_list(item):
            return self._members(named.name, asked, place, count)
        return [self._made(item, asked, f"{place}[{number}]") for number in range(count)]

    def _listed(self, node: Any, asked: Asked, place: str) -> list[Any]:
        """All that a connection pages through: at its root all that there are, below an object some of them."""
        named, is_root = self.objects.concrete(node, place), asked.example.typename in self._roots
        if self.objects.is_keyed(named.name):
            count = None if is_root else draws.number(f"{place}#", 3, 24)
            return self._members(named.name, asked, place, count)
        return [self._object(node, {}, asked, f"{place}[{number}]") for number in range(draws.number(place, 3, 24))]

    def _members(self, typename: str, asked: Asked, place: str, count: int | None) -> list[Example]:
        """So many that follow each other, or all; below the root they begin somewhere."""
        members = self.objects.members(typename)
        start = 0 if asked.example.typename in self._roots else draws.number(place, 0, len(members) - 1)
        return (members[start:] + members[:start])[:count]


def _is_list(output: Any) -> bool:
    return isinstance(output.of_type if isinstance(output, GraphQLNonNull) else output, GraphQLList)
