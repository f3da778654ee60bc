"""What queries may be asked for."""

from typing import Any
from uuid import uuid4

import pytest

from shared.errors import BadUserInput
from subgraphs.products.entrypoints.graphql.inputs import LONGEST_TEXT, product_filter, product_key
from subgraphs.products.queries.filters import ProductFilter, title_prefix


def test_no_filter_and_an_empty_one_are_the_same() -> None:
    assert product_filter(None) == product_filter({}) == ProductFilter()


def test_prices_become_minor_units_and_text_is_stripped() -> None:
    arguments = {"category": "lighting", "min_price": "19.90", "max_price": "20", "text": "  desk lamp "}
    assert product_filter(arguments) == ProductFilter("lighting", 1990, 2000, "desk lamp")


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"min_price": "-0.01"}, "minPrice"),
        ({"max_price": "-1"}, "maxPrice"),
        ({"min_price": "19.999"}, "minPrice"),
        ({"max_price": "1e300"}, "maxPrice"),
        ({"min_price": "30", "max_price": "29.99"}, "minPrice"),
        ({"text": "\u200b"}, "text"),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "text"),
        ({"text": "lamp\0"}, "text"),
    ],
)
def test_a_mistake_names_its_field(mistake: dict[str, Any], field: str) -> None:
    with pytest.raises(BadUserInput) as rejected:
        product_filter(mistake)
    assert field in rejected.value.message or field == "text"
    assert rejected.value.field == ("filter", field)


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


def test_a_product_has_two_keys_and_one_is_asked_for() -> None:
    product_id = uuid4()
    assert product_key(str(product_id), None) == product_id
    assert product_key(None, "desk-lamp") == "desk-lamp"
    for both in ((None, None), (str(product_id), "desk-lamp")):
        with pytest.raises(BadUserInput) as rejected:
            product_key(*both)
        assert rejected.value.field == ("id", "slug")


def test_an_id_that_can_be_none_is_rejected_by_name() -> None:
    with pytest.raises(BadUserInput) as rejected:
        product_key("7", None)
    assert rejected.value.field == ("id",)
