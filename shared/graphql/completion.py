"""How a compiled query turns values into its answer: the small closures that it is made of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID
from graphql import GraphQLLeafType, GraphQLResolveInfo
from graphql.execution.values import VariableValues

from shared.errors import LimitExceeded
from shared.graphql import limits

_UUIDS = (DriverUUID, UUID)
_PLAIN_TYPES = {"String": str, "ID": str, "Decimal": str, "CurrencyCode": str, "Boolean": bool}


class UnanswerableError(Exception):
    """The query did not go well; graphql-core has to say how."""


class TooManyValues(LimitExceeded):
    """An answer that would take longer to make than one may."""

    def __init__(self) -> None:
        super().__init__("The answer has too many values: ask for smaller pages, or in several requests.")


@dataclass(slots=True)
class Pending:
    """A value that is being awaited, and where it goes."""

    value: Awaitable[Any]
    complete: "Completer"
    target: dict[str, Any]
    key: str


@dataclass(slots=True)
class Run:
    """One execution of a compiled query.

    ``left`` is how many values its answer may still have;
    ``infos`` what resolvers are told, by their places in the query.
    """

    context: Any
    variables: VariableValues
    pending: list[Pending] = field(default_factory=list)
    left: int = limits.COMPILED_VALUES
    infos: dict[int, GraphQLResolveInfo[Any]] = field(default_factory=dict)


Completer = Callable[[Any, Run], Any]
FieldReader = Callable[[Any, Run, dict[str, Any]], Any]


def selected(fields: Sequence[tuple[str, FieldReader]]) -> Completer:
    """An object's fields by their names in the answer, in this order."""
    width = len(fields)

    def complete_object(value: Any, run: Run) -> dict[str, Any]:
        run.left -= width
        if run.left < 0:
            raise TooManyValues
        result: dict[str, Any] = {}
        for key, read in fields:
            result[key] = read(value, run, result)
        return result

    return complete_object


def constant_reader(answer: str) -> FieldReader:
    """Reads what is the same of every object, such as the name of its type."""
    return lambda value, run, target: answer


def attribute_reader(attribute: str, complete: Completer) -> FieldReader:
    """Reads a field that needs no resolver."""

    def read(value: Any, run: Run, _: dict[str, Any]) -> Any:
        return complete(value.get(attribute) if type(value) is dict else getattr(value, attribute), run)

    return read


def required(complete: Completer) -> Completer:
    """A value that may not be null."""

    def complete_required(value: Any, run: Run) -> Any:
        completed = complete(value, run)
        if completed is None:
            raise UnanswerableError
        return completed

    return complete_required


def optional(complete: Completer) -> Completer:
    """A value that may be null; a failure that a loader put in its place is raised."""

    def complete_optional(value: Any, run: Run) -> Any:
        if value is None:
            return None
        if isinstance(value, BaseException):
            raise value
        return complete(value, run)

    return complete_optional


def listed(complete: Completer) -> Completer:
    """A list of values."""

    def complete_list(value: Any, run: Run) -> Any:
        if value is None:
            return None
        if not isinstance(value, list | tuple):
            raise UnanswerableError
        run.left -= len(value)
        if run.left < 0:
            raise TooManyValues
        return [complete(item, run) for item in value]

    return complete_list


def leaf(leaf_type: GraphQLLeafType) -> Completer:
    """A scalar or an enum value, converted by its type."""
    convert = leaf_type.coerce_output_value

    def complete_leaf(value: Any, _: Run) -> Any:
        if value is None:
            return None
        if isinstance(value, BaseException):
            raise value
        return convert(value)

    return complete_leaf


def leaf_reader(attribute: str, leaf_type: GraphQLLeafType, complete: Completer) -> FieldReader:
    """Reads a scalar field that needs no resolver. Most values need no conversion either and are passed on."""
    plain = _PLAIN_TYPES.get(leaf_type.name)
    written = _UUIDS if leaf_type.name == "ID" else ()

    def read(value: Any, run: Run, _: dict[str, Any]) -> Any:
        found = value.get(attribute) if type(value) is dict else getattr(value, attribute)
        kind = type(found)
        if kind is plain:
            return found
        return str(found) if kind in written else complete(found, run)

    return read
