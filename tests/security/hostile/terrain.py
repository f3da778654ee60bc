"""What there is to attack behind one address: types and fields, read from the SDL."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    parse,
    print_ast,
)

from tilt.embedded.subgraphs import SUBGRAPHS

SCHEMA = Path(__file__).parents[3] / "schema"
SAMPLES: dict[str, Any] = {
    "ID": "018cc778-5000-7001-950a-ffffffffffff",
    "String": "text",
    "Int": 1,
    "Float": 1.5,
    "Boolean": True,
    "Decimal": "1.00",
    "CurrencyCode": "EUR",
    "DateTime": "2026-11-29T00:00:00Z",
    "Date": "2026-11-29",
}


@dataclass(frozen=True)
class Step:
    """A field on the way from the root, written with its arguments; ``is_list`` when it multiplies."""

    text: str
    typename: str
    is_list: bool


class Terrain:
    """The types of one subgraph, or of all where a router is attacked; ``lone`` is a subgraph's name.

    ``known`` has ids of things that are there, by type.
    """

    def __init__(self, lone: str | None = None, known: Mapping[str, Sequence[str]] | None = None) -> None:
        self.lone = lone
        self.known = known or {}
        self.fields: defaultdict[str, dict[str, FieldDefinitionNode]] = defaultdict(dict)
        self.inputs: dict[str, InputObjectTypeDefinitionNode] = {}
        self.enums: dict[str, list[str]] = {}
        self.entities: set[str] = set()
        for name in (lone,) if lone else SUBGRAPHS:
            self._read((SCHEMA / f"{name}.graphql").read_text())

    def _read(self, sdl: str) -> None:
        for node in parse(sdl).definitions:
            match node:
                case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                    self.fields[node.name.value].update({field.name.value: field for field in node.fields or ()})
                    if any(directive.name.value == "key" for directive in node.directives or ()):
                        self.entities.add(node.name.value)
                case InputObjectTypeDefinitionNode():
                    self.inputs[node.name.value] = node
                case EnumTypeDefinitionNode():
                    self.enums[node.name.value] = [value.name.value for value in node.values or ()]
                case ScalarTypeDefinitionNode() | _:
                    pass

    def calls(self) -> Iterator[tuple[str, FieldDefinitionNode]]:
        """Every root field with the kind of its operation."""
        for operation in ("query", "mutation"):
            for field in self.fields[operation.capitalize()].values():
                yield operation, field

    def call(self, operation: str, field: FieldDefinitionNode) -> str:
        """A document that calls a root field with all of its arguments as variables."""
        declared = ", ".join(f"${each.name.value}: {print_ast(each.type)}" for each in field.arguments or ())
        given = ", ".join(f"{each.name.value}: ${each.name.value}" for each in field.arguments or ())
        inner = " { __typename }" if self.returns_object(field) else ""
        head = f"{operation}({declared})" if declared else operation
        call = f"{field.name.value}({given})" if given else field.name.value
        return f"{head} {{ {call}{inner} }}"

    def returns_object(self, field: FieldDefinitionNode) -> bool:
        """Whether a field needs a selection."""
        return named(field.type) in self.fields

    def sample(self, kind: TypeNode) -> Any:
        """A small value that the type takes."""
        if isinstance(kind, NonNullTypeNode):
            return self.sample(kind.type)
        if isinstance(kind, ListTypeNode):
            return [self.sample(kind.type)]
        name = named(kind)
        if name in self.inputs:
            return {field.name.value: self.sample(field.type) for field in self.inputs[name].fields or ()}
        return self.enums[name][0] if name in self.enums else SAMPLES[name]

    def samples(self, field: FieldDefinitionNode) -> dict[str, Any]:
        """Small values for all arguments of a field."""
        return {each.name.value: self.sample(each.type) for each in field.arguments or ()}

    def cycles(self) -> Iterator[tuple[list[Step], list[Step]]]:
        """Ways from a root to an object, and from there back to an object of the same type: what nests without end."""
        seen: set[tuple[str, ...]] = set()
        for start in self.starts():
            for way in self._ways([start]):
                types = [step.typename for step in way]
                first = types.index(types[-1])
                around = tuple(step.text for step in way[first + 1 :])
                if around not in seen:
                    seen.add(around)
                    yield way[: first + 1], way[first + 1 :]

    def starts(self) -> Iterator[Step]:
        """Root fields that are objects, and entities where a subgraph is asked for them."""
        yield from (step for step in self.steps("Query") if step.typename in self.fields)
        for name in sorted(self.entities) if self.lone else ():
            known = next(iter(self.known.get(name, ())), SAMPLES["ID"])
            given = f'{{__typename: "{name}", id: "{known}"}}'
            yield Step(f"_entities(representations: [{given}]) {{ ... on {name} ", name, True)

    def steps(self, typename: str) -> Iterator[Step]:
        """All fields of a type."""
        for name, field in self.fields[typename].items():
            yield self._step(name, field)

    def _ways(self, way: list[Step]) -> Iterator[list[Step]]:
        for step in self.steps(way[-1].typename):
            if step.typename not in self.fields:
                continue
            longer = [*way, step]
            if longer[-1].typename in [step.typename for step in way]:
                yield longer
            elif len(longer) < 7:
                yield from self._ways(longer)

    def _step(self, name: str, field: FieldDefinitionNode) -> Step:
        given = {each.name.value: each for each in field.arguments or ()}
        needed = [f'{key}: "{SAMPLES["ID"]}"' for key, each in given.items() if isinstance(each.type, NonNullTypeNode)]
        arguments = [*needed, *(["first: 100"] if "first" in given else [])]
        return Step(name + (f"({', '.join(arguments)})" if arguments else ""), named(field.type), is_list(field.type))


def nested(steps: list[Step], leaf: str = "__typename") -> str:
    """A selection that goes all steps down."""
    text = "".join(f"{step.text} {{ " for step in steps) + leaf
    return text + " }" * text.count("{")


def named(kind: TypeNode) -> str:
    """The name of a type without its lists and exclamation marks."""
    while isinstance(kind, NonNullTypeNode | ListTypeNode):
        kind = kind.type
    return str(kind.name.value)  # type: ignore[attr-defined]


def is_list(kind: TypeNode) -> bool:
    """Whether it is a list, required or not."""
    return isinstance(kind.type if isinstance(kind, NonNullTypeNode) else kind, ListTypeNode)
