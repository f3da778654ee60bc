"""Where texts are sent in.

Every argument and input field of the SDL that is a String or an ID, and a request that fills it.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    parse,
    print_ast,
)

from tests.subgraphs import NO_SUCH_ID

Path_: TypeAlias = tuple[str, ...]
_ROOTS = ("Query", "Mutation")


@dataclass(frozen=True)
class Place:
    """An argument or input field of one operation; ``path`` begins with the argument."""

    subgraph: str
    root: str
    field: str
    path: Path_
    type: str
    is_optional: bool

    @property
    def name(self) -> str:
        return ".".join((self.field, *self.path))

    @property
    def told_as(self) -> list[str]:
        """The path that a mistake names: of a mutation's input, from the input on."""
        return list(self.path[1:] if self.path[0] == "input" else self.path)


class Contract:
    """The SDL of one subgraph."""

    def __init__(self, subgraph: str) -> None:
        self.subgraph = subgraph
        definitions = parse(Path(f"schema/{subgraph}.graphql").read_text()).definitions
        self._inputs = {
            each.name.value: each for each in definitions if isinstance(each, InputObjectTypeDefinitionNode)
        }
        self._enums = {each.name.value: each for each in definitions if isinstance(each, EnumTypeDefinitionNode)}
        types = [each for each in definitions if isinstance(each, ObjectTypeDefinitionNode)]
        self.fields = [
            (each.name.value, field) for each in types if each.name.value in _ROOTS for field in each.fields or ()
        ]

    def places(self) -> Iterator[Place]:
        """All of them."""
        for root, field in self.fields:
            for argument in field.arguments or ():
                for path, kind, is_optional in self._leaves(argument, ()):
                    if kind in ("String", "ID"):
                        yield Place(self.subgraph, root, field.name.value, path, kind, is_optional)

    def document(self, field_name: str) -> str:
        """An operation that asks one field, with all of its arguments as variables, for its mistakes or its type."""
        root, field = next((root, field) for root, field in self.fields if field.name.value == field_name)
        variables = ", ".join(f"${each.name.value}: {print_ast(each.type)}" for each in field.arguments or ())
        arguments = ", ".join(f"{each.name.value}: ${each.name.value}" for each in field.arguments or ())
        selection = "errors { message field }" if root == "Mutation" else "__typename"
        return f"{root.lower()} ({variables}) {{ it: {field_name}({arguments}) {{ {selection} }} }}"

    def variables(self, field_name: str, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """Values for all arguments, optional ones too; an override of None leaves a value out."""
        field = next(field for _, field in self.fields if field.name.value == field_name)
        return self._values(field.arguments, (field_name,), overrides)

    def _values(self, inputs: Any, path: Path_, overrides: Mapping[str, Any]) -> dict[str, Any]:
        values = {each.name.value: self._value(each.type, (*path, each.name.value), overrides) for each in inputs}
        return {name: value for name, value in values.items() if value is not None}

    def _value(self, type_: TypeNode, path: Path_, overrides: Mapping[str, Any]) -> Any:
        name = ".".join(path)
        for known in (name, f"*.{path[-1]}", _named(type_)):
            if known in overrides:
                return copy.copy(overrides[known])
        if _is_list(type_):
            return [self._single(_named(type_), (*path, "0"), overrides)]
        return self._single(_named(type_), path, overrides)

    def _single(self, type_name: str, path: Path_, overrides: Mapping[str, Any]) -> Any:
        if type_name in self._inputs:
            return self._values(self._inputs[type_name].fields, path, overrides)
        if type_name in self._enums:
            return (self._enums[type_name].values or ())[0].name.value
        return _SCALARS[type_name]

    def _leaves(self, node: InputValueDefinitionNode, path: Path_) -> Iterator[tuple[Path_, str, bool]]:
        here, kind = (*path, node.name.value), _named(node.type)
        if _is_list(node.type):
            here = (*here, "0")
        if kind not in self._inputs:
            yield here, kind, not isinstance(node.type, NonNullTypeNode)
            return
        for inner in self._inputs[kind].fields or ():
            yield from self._leaves(inner, here)


_SCALARS = {
    "ID": NO_SUCH_ID,
    "String": "some words",
    "Int": 1,
    "Boolean": True,
    "Decimal": "1.00",
    "CurrencyCode": "EUR",
    "Date": "2099-01-01",
    "DateTime": "2099-01-01T00:00:00Z",
}


def put(variables: dict[str, Any], path: Path_, value: str) -> dict[str, Any]:
    """The variables with another value at one place."""
    changed = copy.deepcopy(variables)
    at: Any = changed
    for step in path[:-1]:
        at = at[int(step) if isinstance(at, list) else step]
    at[int(path[-1]) if isinstance(at, list) else path[-1]] = value
    return changed


@cache
def contract(subgraph: str) -> Contract:
    return Contract(subgraph)


def _named(type_: TypeNode) -> str:
    while isinstance(type_, NonNullTypeNode | ListTypeNode):
        type_ = type_.type
    return type_.name.value  # type: ignore[attr-defined, no-any-return]


def _is_list(type_: TypeNode) -> bool:
    return isinstance(type_.type if isinstance(type_, NonNullTypeNode) else type_, ListTypeNode)
