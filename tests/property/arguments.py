"""Arguments of generated documents: written into the document, or given by variables in all the ways there are."""

import json
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLInputType, GraphQLNonNull

from tests.property.choosing import Chooser

# An argument that a document leaves out, or gives by a variable that is not sent.
LEFT_OUT = object()
IN_WORDS, AS_VARIABLE = "in words", "as a variable"
_WAYS = (IN_WORDS, IN_WORDS, AS_VARIABLE)


class Enum(str):
    """A value of an enum: written without quotes."""


@dataclass
class Variables:
    """The variables of an operation: how they are declared, and what a client sends."""

    choose: Chooser
    declared: dict[str, str] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    _used: dict[tuple[str, str], str] = field(default_factory=dict)

    def declaration(self) -> str:
        """What stands behind the operation's name."""
        return f"({', '.join(f'${name}: {kind}' for name, kind in self.declared.items())})" if self.declared else ""

    def argument(self, kind: GraphQLInputType, value: Any) -> str:
        """The value in words, as a variable, or with variables within."""
        if value is not LEFT_OUT and self.choose.one_of(_WAYS) == IN_WORDS:
            return self._literal(kind, value)
        same = (str(kind), repr(value))
        if same in self._used and self.choose.happens(50):
            return self._used[same]
        self._used[same] = self._declare(kind, value)
        return self._used[same]

    def _declare(self, kind: GraphQLInputType, value: Any) -> str:
        name = self.choose.one_of(["v", "id", "first", "representations", "_0"]) + str(len(self.declared))
        nullable = str(kind.of_type if isinstance(kind, GraphQLNonNull) else kind)
        if value is LEFT_OUT:
            self.declared[name] = nullable
        elif value is not None and self.choose.happens(50):
            self._declare_default(name, nullable, value)
        else:
            self.declared[name] = f"{nullable}!" if value is not None and self.choose.happens(50) else str(kind)
            self.given[name] = value
        return f"${name}"

    def _declare_default(self, name: str, nullable: str, value: Any) -> None:
        """The default is the value and nothing is given, or the default is another's and the value is given."""
        kind = f"{nullable}!" if self.choose.happens(50) else nullable
        if not isinstance(value, bool | int) or self.choose.happens(50):
            self.declared[name] = f"{kind} = {written(self.choose, value)}"
            return
        self.declared[name] = f"{kind} = {written(self.choose, not value if isinstance(value, bool) else 1)}"
        self.given[name] = value

    def _literal(self, kind: GraphQLInputType, value: Any) -> str:
        """An input object may have variables for its parts."""
        if not isinstance(value, dict):
            return written(self.choose, value)
        parts: Any = (kind.of_type if isinstance(kind, GraphQLNonNull) else kind).fields  # type: ignore[union-attr]
        inner = (f"{name}: {self.argument(parts[name].type, part)}" for name, part in value.items())
        return f"{{{', '.join(inner)}}}"


def written(choose: Chooser, value: Any) -> str:
    """A value in GraphQL's own words."""
    match value:
        case Enum():
            return str(value)
        case str():
            return _text(choose, value)
        case list():
            return f"[{', '.join(written(choose, item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{name}: {written(choose, part)}' for name, part in value.items())}}}"
    return json.dumps(value)


def _text(choose: Chooser, value: str) -> str:
    """A text as it is, with all its characters escaped in the old way or the new one, or as a block."""
    style = choose.one_of(["plain", "plain", "plain", "escaped", "braces", "block"])
    if style == "block" and '"' not in value and "\\" not in value:
        return f'"""{value}"""'
    if style == "escaped":
        return json.dumps(value)
    if style == "braces":
        return '"' + "".join(f"\\u{{{ord(character):x}}}" for character in value) + '"'
    return json.dumps(value, ensure_ascii=False)
