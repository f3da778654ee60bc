"""Statements with named parameters: ``:name`` is written where Postgres wants ``$1``, so that nobody counts."""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Some statements are put together, one for each shape of what a caller asks for: their number has no bound of its own.
_REMEMBERED = 4_096
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)\b")  # and no cast, which has two colons


def numbered(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The statement as Postgres takes it, and the values of its parameters in their order.

    Raises:
        KeyError: when a value is missing, or one is given that the statement does not have.
    """
    text, names = _compiled(statement)
    bound = [values[name] for name in names]
    if len(bound) < len(values):
        raise KeyError(f"the statement has no :{(values.keys() - names).pop()}")
    return text, bound


def values_of(record: "DataclassInstance") -> dict[str, Any]:
    """The fields of a dataclass as parameters of a statement: as they are, where ``asdict`` would copy each of them."""
    return {name: getattr(record, name) for name in _names(type(record))}


@lru_cache(_REMEMBERED)
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@lru_cache(_REMEMBERED)
def _compiled(statement: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
    return _PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", statement), names
