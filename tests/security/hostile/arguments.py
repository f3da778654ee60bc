"""Every argument of every root field, with values that its type or its domain may not be ready for."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from graphql import FieldDefinitionNode

from tests.security.hostile.case import ANSWERED, PLANTED, Case, asks, body_with, fill
from tests.security.hostile.terrain import Terrain

ROOM = 240_000
# A place for text that no JSON writer would write.
RAW = "\x1araw\x1a"
TEXTS = {
    "250 kB": PLANTED + fill("x", ROOM),
    "combining marks": PLANTED + fill("\u0301", ROOM),
    "ligatures that grow": PLANTED + fill("\ufdfa", ROOM),
    "sharp s": fill("\u1e9e\u0130", ROOM),
    "spaces": " " * ROOM,
    "wide spaces": fill("\u3000", ROOM),
    "percent signs": fill("%_\\", ROOM),
    "short words": fill("ab ", ROOM),
    "words that exclude": fill("-a ", ROOM),
    "quoted words": fill('"a" or ', ROOM),
    "digits": fill("7", ROOM),
    "a number with a great exponent": "1e999999999",
    "a number with a small exponent": "1e-999999999",
    "not a number": "NaN",
    "infinity": "-Infinity",
    "a NUL": f"{PLANTED}\x00",
    "a lone surrogate": f"{PLANTED}\ud800",
    "an address of dots": fill(".", ROOM // 2) + "@" + fill("a.", ROOM // 2),
    "an address of many ats": fill("a@", ROOM),
    "an address of hyphens": "a@" + fill("-", ROOM),
    "a cursor of 180 kB": "W10" + fill("A", ROOM),
    "a cursor that is deep": "W1tb" * 50_000,
    "a cursor of great numbers": "WzFlNDAwLCAxXQ",
    "a UUID with more": "018cc778-5000-7001-950a-ffffffffffff" + fill("0", ROOM),
    "a UUID in braces": "{" * 100_000,
    "a UUID of other digits": fill("\u0661", ROOM),
    "a date far away": "9999999999-12-31T23:59:59Z",
    "a date with many digits": "2026-11-29T00:00:00." + fill("0", ROOM) + "Z",
}
NUMBERS = {
    "1e400": "1e400",
    "a great integer": "9" * 200_000,
    "a float": "1.5",
    "minus zero": "-0.0",
    "too much by one": "2147483648",
    "a text": f'"{PLANTED}"',
    "nothing": "null",
    "a list": f'["{PLANTED}"]',
    "an object": f'{{"{PLANTED}":1}}',
    "a list 60 deep": "[" * 55 + "]" * 55,
}


def arguments(ground: Terrain, thorough: bool) -> Iterator[Case]:
    """Each place of each input with each value where ``thorough``; otherwise values take turns at the places."""
    turn = 0
    for operation, field in list(ground.calls()):
        document, samples = ground.call(operation, field), ground.samples(field)
        for path in list(_places(samples)):
            texts = list(TEXTS) if thorough else [list(TEXTS)[(turn + step) % len(TEXTS)] for step in range(3)]
            numbers = list(NUMBERS) if thorough else [list(NUMBERS)[turn % len(NUMBERS)]]
            where, turn = f"{field.name.value} with {'.'.join(map(str, path))}", turn + 3
            for name in texts:
                given = _with(samples, path, TEXTS[name])
                yield asks(f"{where} of {name}", document, given, codes=ANSWERED, by_staff=True)
            for name in numbers:
                written = json.dumps(_with(samples, path, RAW)).replace(json.dumps(RAW), NUMBERS[name])
                yield Case(f"{where} of {name} in place", body_with(document, written), codes=ANSWERED, by_staff=True)
        yield from _crowded(ground, operation, field)
        yield from _written_out(ground, operation, field)


def _crowded(ground: Terrain, operation: str, field: FieldDefinitionNode) -> Iterator[Case]:
    """Lists and objects with too much in them."""
    document, samples, name = ground.call(operation, field), ground.samples(field), field.name.value
    for path, value in list(_containers(samples)):
        where = f"{name} with {'.'.join(map(str, path)) or 'variables'}"
        if isinstance(value, dict):
            for count, length in ((99, 100), (1_000, 100), (2_000, 40), (12, 20_000)):
                more = {**value, **{f"{PLANTED}{'k' * length}{n}": 1 for n in range(count)}}
                yield asks(
                    f"{where} of {count} keys of {length}",
                    document,
                    _with(samples, path, more),
                    codes=ANSWERED,
                    by_staff=True,
                )
            yield asks(f"{where} missing", document, _with(samples, path, {}), codes=ANSWERED, by_staff=True)
        else:
            for count in (101, 1_000, 5_000):
                many = (value * count)[: ROOM // max(1, len(json.dumps(value)))]
                yield asks(
                    f"{where} of {len(many)} items", document, _with(samples, path, many), codes=ANSWERED, by_staff=True
                )
            wrong = [{PLANTED: n} for n in range(1_000)]
            yield asks(
                f"{where} of 1,000 wrong items", document, _with(samples, path, wrong), codes=ANSWERED, by_staff=True
            )


def _written_out(ground: Terrain, operation: str, field: FieldDefinitionNode) -> Iterator[Case]:
    """The same in the document itself."""
    for argument in field.arguments or ():
        name = f"{field.name.value} with {argument.name.value} written out"
        for kind, text in {
            "1,200 unknown fields": "{" + " ".join(f"{PLANTED}{'k' * 100}{n}: 1" for n in range(1_200)) + "}",
            "a list of 2,000": "[" + f'"{PLANTED}" ' * 2_000 + "]",
            "a block string": '"""' + fill(f"{PLANTED}\n") + '"""',
        }.items():
            selection = " { __typename }" if ground.returns_object(field) else ""
            query = f"{operation} {{ {field.name.value}({argument.name.value}: {text}){selection} }}"
            yield asks(f"{name} as {kind}", query, codes=ANSWERED, by_staff=True)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where scalars are."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*path, key))
    else:
        yield path


def _containers(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Where lists and objects are."""
    if isinstance(value, dict | list):
        yield path, value
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _containers(inner, (*path, key))


def _with(samples: dict[str, Any], path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value at a place."""
    if not path:
        return value
    changed: Any = copy.deepcopy(samples)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed
