"""Statements with named parameters: ``:name`` is written where Postgres wants ``$1``, so that nobody counts."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# Some statements are put together, one for each shape of what a caller asks for: their number has no bound of its own.
_REMEMBERED = 4_096
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)\b")  # and no cast, which has two colons


def numbered(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The statement as Postgres takes it, and the values of its parameters in their order.

    Raises:
        KeyError: when a value is missing, or one is given that the statement does not have.
    """
    text, names = _compiled(statement)
    if superfluous := values.keys() - set(names):
        raise KeyError(f"the statement has no :{superfluous.pop()}")
    return text, [values[name] for name in names]


@lru_cache(_REMEMBERED)
def _compiled(statement: str) -> tuple[str, tuple[str, ...]]:
    names = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
    return _PARAMETER.sub(lambda match: f"${names.index(match[1]) + 1}", statement), names
