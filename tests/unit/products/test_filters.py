"""What a list may be asked for."""

from typing import Any

import pytest

from shared.errors import BadUserInput
from subgraphs.products.queries.filters import MAX_TEXT_LENGTH, ProductFilter, parse_filter, title_prefix


def test_no_filter_and_an_empty_one_are_the_same() -> None:
    assert parse_filter(None) == parse_filter({}) == ProductFilter()


def test_prices_become_minor_units_and_text_is_stripped() -> None:
    arguments = {"category": "lighting", "min_price": "19.90", "max_price": "20", "text": "  desk lamp "}
    assert parse_filter(arguments) == ProductFilter("lighting", 1990, 2000, "desk lamp")


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"min_price": "-0.01"}, "minPrice"),
        ({"max_price": "-1"}, "maxPrice"),
        ({"min_price": "19.999"}, "minPrice"),
        ({"max_price": "1e300"}, "maxPrice"),
        ({"min_price": "30", "max_price": "29.99"}, "minPrice"),
        ({"text": "\u200b"}, "text"),
        ({"text": "x" * (MAX_TEXT_LENGTH + 1)}, "text"),
        ({"text": "lamp\0"}, "text"),
    ],
)
def test_a_mistake_names_its_field(mistake: dict[str, Any], field: str) -> None:
    with pytest.raises(BadUserInput) as refusal:
        parse_filter(mistake)
    assert field in refusal.value.message or field == "text"
    assert refusal.value.field == ("filter", field)


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("lan", "'lan':A*"),
        ("Branch Line Tra", "'Branch':A & 'Line':A & 'Tra':A*"),
        ("it's", "'it':A & 's':A*"),
        ("&|!:*()<->'\\", ""),
        ('"desk lamp', ""),
        ("lamp -desk", ""),
        ("lamp or light", ""),
        ("t-shirt", "'t':A & 'shirt':A*"),
    ],
)
def test_words_being_typed_are_looked_for_at_the_beginning_of_words(text: str, prefix: str) -> None:
    assert title_prefix(text) == prefix
