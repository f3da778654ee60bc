"""Values of our scalars: the routers' rules, router/scalars.json, take exactly what the subgraphs' parsers take."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLError
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.graphql.scalars import SCALARS

ROOT = Path(__file__).parents[3]
RULES: dict[str, dict[str, Any]] = json.loads((ROOT / "router" / "scalars.json").read_text())
PARSERS = {name: scalar._parse_value for name, scalar in SCALARS.items()}
WRITTEN = {
    "CurrencyCode": "EUR",
    "Date": "2024-02-29",
    "DateTime": "2026-11-30T23:59:59.123+05:30",
    "Decimal": "-0019.90",
}
CHARACTERS = "0123456789-+:.,TtZzWe EURx\n\u0662\u00e9"

LOOKS_AT_BEGINNINGS = {"kafka_outage.py"}

names = st.sampled_from(sorted(RULES))
others = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.lists(st.text(), max_size=1)
    | st.dictionaries(st.text(), st.text(), max_size=1)
)


@st.composite
def altered(draw: st.DrawFn, name: str) -> str:
    """A right value with a few characters put in, left out or exchanged."""
    text = WRITTEN[name]
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(["", *CHARACTERS])) + text[place + draw(st.integers(0, 2)) :]
    return text


def is_parsed(name: str, value: object) -> bool:
    """Whether the subgraphs take the value."""
    parser = PARSERS[name]
    assert parser is not None
    try:
        parser(value)
    except GraphQLError:
        return False
    return True


def is_taken(name: str, value: object) -> bool:
    """Whether the routers take the value."""
    rule = RULES[name]
    return isinstance(value, str) and "string" in rule["kinds"] and re.fullmatch(rule["pattern"], value) is not None


def test_every_scalar_of_ours_has_a_rule() -> None:
    declared = re.findall(r"^scalar (\w+)", (ROOT / "schema" / "supergraph.graphql").read_text(), re.MULTILINE)
    assert set(RULES) == {name for name in declared if "__" not in name} == set(PARSERS)


@settings(max_examples=300, deadline=None)
@given(st.data(), names)
def test_what_a_rule_takes_the_subgraphs_take(data: st.DataObject, name: str) -> None:
    value = data.draw(st.from_regex(re.compile(RULES[name]["pattern"], re.ASCII), fullmatch=True))
    assert is_parsed(name, value) or value[:4] in {"0001", "9999"}, (
        "a time zone may lead out of the years that there are"
    )


@settings(max_examples=1_000, deadline=None)
@given(st.data(), names)
def test_what_the_subgraphs_take_a_rule_takes(data: st.DataObject, name: str) -> None:
    value = data.draw(altered(name) | st.text(max_size=12))
    assert is_parsed(name, value) == is_taken(name, value)


@given(names, others)
def test_a_value_that_is_no_text_is_taken_by_neither(name: str, value: object) -> None:
    assert not is_parsed(name, value)
    assert not is_taken(name, value)


@given(st.dates() | st.datetimes(timezones=st.timezones()), st.booleans())
def test_every_day_and_moment_is_taken(moment: Any, is_exact: bool) -> None:
    is_day = type(moment).__name__ == "date"
    text = moment.isoformat() if is_day else moment.replace(microsecond=1 if is_exact else 0).isoformat()
    name = "Date" if is_day else "DateTime"
    assert is_parsed(name, text) == is_taken(name, text)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("Date", text)
            for text in ("2026-02-29", "1900-02-29", "20261122", "2026-W47-7", "0000-01-01", "2026-11-22\n")
        ),
        *(
            ("DateTime", text)
            for text in ("2026-11-22T18:00:00", "2026-11-22", "2026-11-22T18:00:00+05:60", "20261122T180000Z")
        ),
        *(("Decimal", value) for value in ("1e3", "x", "", "NaN", "1,5", ".5", 5, True)),
        *(("CurrencyCode", text) for text in ("eur", "EURO", "\u0415UR")),
    ],
)
def test_what_is_no_such_value_is_taken_by_neither(name: str, value: object) -> None:
    assert not is_parsed(name, value)
    assert not is_taken(name, value)


@pytest.mark.parametrize("name", sorted(RULES))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", " ", "\u2028", "\x00", "\x85"])
def test_nothing_may_follow_or_precede_a_value(name: str, end: str) -> None:
    for text in (WRITTEN[name] + end, end + WRITTEN[name]):
        assert not is_parsed(name, text)
        assert not is_taken(name, text)


def test_every_pattern_of_ours_is_held_to_the_whole_text() -> None:
    """``$`` and ``match`` let a line break pass at the end.

    What looks into a text says ``search``, ``findall`` or ``sub``.
    """
    for folder in ("shared", "subgraphs"):
        for file in (ROOT / folder).rglob("*.py"):
            calls = re.findall(r"\bre\.match\(|_[A-Z][A-Z_]*\.match\(", file.read_text())
            assert not calls or file.name in LOOKS_AT_BEGINNINGS, file
            assert not re.search(r"re\.compile\([^\n]*\$[\"']", file.read_text()), file


def test_the_rules_hold_what_rust_and_javascript_both_take() -> None:
    for rule in RULES.values():
        assert set(rule) == {"kinds", "pattern", "description"}
        assert not re.search(r"\(\?[^:]|\\[^.]", rule["pattern"]), "no look-around, no flags, no classes that differ"
