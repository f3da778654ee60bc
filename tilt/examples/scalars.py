"""What scalars take: those of GraphQL, and ours as router/scalars.json says it."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, specified_scalar_types

from tilt.examples.tree import REPOSITORY

_SCALARS_FILE = REPOSITORY / "router" / "scalars.json"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "list": list,
}


def mistake_of(scalar: str, value: Any) -> str:
    """What is wrong with a value of a scalar, such as 'no Int'; empty when nothing is."""
    if scalar in specified_scalar_types:
        try:
            specified_scalar_types[scalar].coerce_output_value(value)
        except GraphQLError:
            return f"no {scalar}"
        return "" if _is_exactly(scalar, value) else f"no {scalar}"
    rule = _rules().get(scalar)
    if rule is None or _follows(rule, value):
        return ""
    return f"no {scalar}: write {rule['description']}"


def check_inputs(schema: GraphQLSchema) -> None:
    """Has our scalars take in arguments what a subgraph takes; the value stays as it was written."""
    for name in _rules():
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            check = _checked(name)
            scalar.parse_value = scalar.coerce_input_value = check  # type: ignore[method-assign, assignment]


def _checked(scalar: str) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if mistake := mistake_of(scalar, value):
            raise GraphQLError(f"This is {mistake}")
        return value

    return check


def _is_exactly(scalar: str, value: Any) -> bool:
    """GraphQL's own scalars are generous with what servers answer; a pin is to be what it looks like."""
    kinds: dict[str, Any] = {"Int": int, "Float": (int, float), "Boolean": bool, "String": str, "ID": str}
    return isinstance(value, kinds[scalar]) and (scalar == "Boolean" or not isinstance(value, bool))


def _follows(rule: dict[str, Any], value: Any) -> bool:
    if not any(isinstance(value, _KINDS[kind]) for kind in rule["kinds"]):
        return False
    return not isinstance(value, str) or "pattern" not in rule or bool(re.match(rule["pattern"], value))


@cache
def _rules() -> dict[str, dict[str, Any]]:
    rules: dict[str, dict[str, Any]] = json.loads(_SCALARS_FILE.read_text(encoding="utf-8"))
    return rules
