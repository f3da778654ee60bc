"""Where two answers to one document differ, as far as the specification says that they may not."""

import json
from collections.abc import Collection
from typing import Any

from graphql import FieldNode, Visitor, parse, visit

OF_CALLERS = {"UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT", "NOT_FOUND"}

Place = tuple[str, ...] | None


def difference(wanted: dict[str, Any], given: dict[str, Any], introspected: Collection[str] = ()) -> str:
    """What is wrong with an answer; empty when it is right.

    ``introspected`` are the root keys whose lists have no order.

    Where an entity is not there for the caller, such as the customer of somebody else's order,
    so that null stands where none may be, graphql-core tells an error without a code;
    it is nobody's fault, and routers tell none.
    Which of several errors they tell that make the same object null is left to them.
    """
    right, answered = _comparable(wanted.get("data"), introspected), _comparable(given.get("data"), introspected)
    if "data" not in given:
        return f"no data: {json.dumps(given)[:2000]}"
    if right != answered:
        return f"data at {_first_difference(right, answered)}"
    return _wrong_errors(wanted, given)


def _wrong_errors(wanted: dict[str, Any], given: dict[str, Any]) -> str:
    expected, told = _failures(wanted), _failures(given)
    absent = [place for place, codes in expected.items() if codes == {None}]
    for place in absent:
        del expected[place]
        if told.get(place, set()) <= OF_CALLERS:
            told.pop(place, None)
    if expected.keys() != told.keys():
        return f"errors at {sorted(told, key=str)}, not at {sorted(expected, key=str)}"
    for error in wanted.get("errors", ()):
        place = _null_place(wanted["data"], error["path"])
        if place in expected and _is_above(wanted["data"], error):
            expected[place] |= OF_CALLERS
    wrong = {place: (codes, told[place]) for place, codes in expected.items() if not codes & told[place]}
    return f"codes {wrong}" if wrong else ""


def introspected_keys(text: str) -> set[str]:
    """The response keys of ``__schema`` and ``__type``."""
    keys: set[str] = set()

    class Looking(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            if node.name.value in ("__schema", "__type"):
                keys.add((node.alias or node.name).value)

    visit(parse(text), Looking())
    return keys


def _comparable(data: Any, introspected: Collection[str]) -> Any:
    if not isinstance(data, dict):
        return data
    return {key: _sorted(value) if key in introspected else value for key, value in data.items()}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(inner) for key, inner in value.items()}
    return sorted(map(_sorted, value), key=_text) if isinstance(value, list) else value


def _failures(answer: dict[str, Any]) -> dict[Place, set[str | None]]:
    """The codes at each null that errors made, without indices of lists: routers may tell one of several alike."""
    failures: dict[Place, set[str | None]] = {}
    for error in answer.get("errors", ()):
        place = _null_place(answer["data"], error.get("path"))
        failures.setdefault(place, set()).add((error.get("extensions") or {}).get("code"))
    return failures


def _null_place(data: Any, path: list[str | int] | None) -> Place:
    """Where the value that an error's path leads to is null, which may be nearer to the root; None where it is not."""
    if path is None:
        return None
    place: list[str] = []
    for step in path:
        if data is None:
            break
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
        place += [step] if isinstance(step, str) else []
    return tuple(place) if data is None else None


def _is_above(data: Any, error: dict[str, Any]) -> bool:
    """Whether not the field itself is null but an object around it, for which other fields may be to blame as well."""
    place = _null_place(data, error["path"])
    return place is not None and len(place) < len([step for step in error["path"] if isinstance(step, str)])


def _first_difference(right: Any, given: Any, place: str = "$") -> str:
    if isinstance(right, dict) and isinstance(given, dict) and right.keys() == given.keys():
        return next(
            _first_difference(right[key], given[key], f"{place}.{key}") for key in right if right[key] != given[key]
        )
    if isinstance(right, list) and isinstance(given, list) and len(right) == len(given):
        pairs = enumerate(zip(right, given, strict=True))
        return next(_first_difference(one, other, f"{place}[{index}]") for index, (one, other) in pairs if one != other)
    return f"{place}: wanted {_text(right)[:600]} but given {_text(given)[:600]}"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
