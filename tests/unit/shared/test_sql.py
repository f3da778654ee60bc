"""Statements with named parameters."""

from dataclasses import dataclass

import pytest

from shared.persistence.sql import numbered, values_of


def test_names_become_numbers_in_the_order_in_which_they_come() -> None:
    text, values = numbered("UPDATE t SET a = :first, b = :second WHERE id = :id", {"id": 3, "second": 2, "first": 1})
    assert text == "UPDATE t SET a = $1, b = $2 WHERE id = $3"
    assert values == [1, 2, 3]


def test_a_name_that_comes_twice_has_one_number() -> None:
    assert numbered("SELECT :a, :b, :a", {"a": 1, "b": 2}) == ("SELECT $1, $2, $1", [1, 2])


def test_a_cast_is_no_name() -> None:
    assert numbered("SELECT :a::text, b::int[]", {"a": 1}) == ("SELECT $1::text, b::int[]", [1])


def test_a_value_that_is_missing_is_named() -> None:
    with pytest.raises(KeyError, match="b"):
        numbered("SELECT :a, :b", {"a": 1})


def test_a_value_that_no_statement_has_is_named() -> None:
    with pytest.raises(KeyError, match="no :c"):
        numbered("SELECT :a, :b", {"a": 1, "b": 2, "c": 3})


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    parts: list[str]


def test_the_fields_of_a_record_are_parameters_as_they_are() -> None:
    line = Line("Mug", ["handle"])
    assert values_of(line) == {"title": "Mug", "parts": ["handle"]}
    assert values_of(line)["parts"] is line.parts
