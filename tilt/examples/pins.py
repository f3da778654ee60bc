"""Pins: what examples answer where somebody wants it to be just that. docs/teams/slices.md has how they are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from graphql import FieldNode, GraphQLError, OperationDefinitionNode, parse, value_from_ast_untyped

from tilt.embedded.errors import MeshError

_BLOCK = re.compile(r"(?P<typename>[_A-Za-z][_0-9A-Za-z]*)(?: (?P<name>\S+))?")
_PARTS = {"pins", "events"}


class PinError(MeshError):
    """A pin can't be so; the text names its file and key."""


class _NotPinned:
    """No pin. None would be one: a null."""


NOT_PINNED = _NotPinned()


@dataclass(frozen=True, slots=True)
class Pin:
    """One pinned field. ``name`` is the object's, or None for all of the type; ``where`` is told in complaints."""

    where: str
    typename: str
    name: str | None
    field: str
    arguments: Mapping[str, Any]
    value: Any


@dataclass(frozen=True, slots=True)
class PinnedEvent:
    """An event that is published in place of a subgraph that does not run."""

    where: str
    type: str
    payload: Mapping[str, Any]


@dataclass(frozen=True)
class Pins:
    """All pins of a slice. Of two for the same, the first one counts."""

    fields: Mapping[tuple[str, str | None, str], Sequence[Pin]] = field(default_factory=dict)
    events: Sequence[PinnedEvent] = ()

    def find(self, typename: str, name: str | None, field_name: str, arguments: Mapping[str, Any]) -> Any:
        """The value that is pinned; NOT_PINNED without one.

        A pin of one object goes before one of all, and of the same field the one that names more arguments.
        """
        of_this = self.fields.get((typename, name, field_name), ()) if name is not None else ()
        for candidates in (of_this, self.fields.get((typename, None, field_name), ())):
            fitting = [pin for pin in candidates if pin.arguments.items() <= arguments.items()]
            if fitting:
                return max(fitting, key=lambda pin: len(pin.arguments)).value
        return NOT_PINNED

    def names(self, typename: str) -> Sequence[str]:
        """The objects of a type that pins tell of, in their order."""
        return self._names.get(typename, ())

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        found: dict[str, dict[str, None]] = {}
        for typename, name, _ in self.fields:
            if name is not None:
                found.setdefault(typename, {})[name] = None
        return {typename: list(names) for typename, names in found.items()}


def read_pins(files: Iterable[Path]) -> Pins:
    """The pins of files, as they are written.

    Raises:
        PinError: naming the file and the key that can't be read.
    """
    fields: dict[tuple[str, str | None, str], list[Pin]] = {}
    events: list[PinnedEvent] = []
    for file in files:
        document = _document(file)
        for block, entries in _mapping(document.get("pins"), f"{file.name}: pins").items():
            for pin in _pins_of(file, str(block), entries):
                fields.setdefault((pin.typename, pin.name, pin.field), []).append(pin)
        for name, payloads in _mapping(document.get("events"), f"{file.name}: events").items():
            events += _events_of(f"{file.name}: events.{name}", str(name), payloads)
    return Pins(fields, events)


def _document(file: Path) -> Mapping[Any, Any]:
    try:
        document = _mapping(yaml.safe_load(file.read_text(encoding="utf-8")), file.name)
    except OSError as error:
        raise PinError(f"{file.name}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PinError(f"{file.name}: {' '.join(str(error).split())}") from None
    if unknown := sorted(set(map(str, document)) - _PARTS):
        raise PinError(f"{file.name}: {unknown[0]}: is none of {', '.join(sorted(_PARTS))}")
    return document


def _mapping(value: Any, where: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PinError(f"{where}: is no mapping of keys")
    return value


def _pins_of(file: Path, block: str, entries: Any) -> Iterable[Pin]:
    where = f"{file.name}: pins.{block}"
    named = _BLOCK.fullmatch(block)
    if named is None:
        raise PinError(f"{where}: write a type, or a type and an id: Product 01890a5d-ac96-774b-bcce-b302099a8057")
    for key, value in _mapping(entries, where).items():
        field_name, arguments = _field(f"{where}.{key}", str(key))
        yield Pin(f"{where}.{key}", named["typename"], named["name"], field_name, arguments, value)


def _field(where: str, text: str) -> tuple[str, Mapping[str, Any]]:
    """A field as GraphQL writes it: price, or product(slug: "kettle")."""
    try:
        (operation,) = parse(f"{{ {text} }}", no_location=True).definitions
    except GraphQLError as error:
        raise PinError(f"{where}: {error.message}") from None
    assert isinstance(operation, OperationDefinitionNode)
    node, *others = operation.selection_set.selections
    if others or not isinstance(node, FieldNode) or node.alias or node.directives or node.selection_set:
        raise PinError(f'{where}: write a field, with arguments if it matters: product(slug: "kettle")')
    return node.name.value, {each.name.value: value_from_ast_untyped(each.value) for each in node.arguments or ()}


def _events_of(where: str, name: str, payloads: Any) -> Iterable[PinnedEvent]:
    if not isinstance(payloads, list) or not all(isinstance(each, dict) for each in payloads):
        raise PinError(f"{where}: is no list of payloads")
    return [PinnedEvent(f"{where}[{number}]", name, payload) for number, payload in enumerate(payloads)]
