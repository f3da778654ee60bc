"""Postal addresses as typed."""

from typing import Any

import pytest

from shared.countries import COUNTRY_CODES
from shared.errors import UserErrors
from shared.postal.address import PostalAddress
from subgraphs.users.entrypoints.graphql.inputs import postal_address

TYPED: dict[str, Any] = {
    "recipient": "Ada Lovelace",
    "line1": "12 St James's Square",
    "city": "London",
    "country": "GB",
    "postal_code": "SW1Y 4LE",
}


def test_an_address_is_made_tidy() -> None:
    typed = {
        **TYPED,
        "recipient": " Ada ",
        "line2": "  ",
        "postal_code": " sw1y 4le",
        "country": "gb",
        "country_area": " ",
        "company": " Analytical Engines ",
        "phone": "+44 20",
    }
    assert postal_address(typed) == PostalAddress(
        "Ada", "12 St James's Square", None, "SW1Y 4LE", "London", "GB", "+44 20", None, "Analytical Engines"
    )


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("recipient", "", "recipient"),
        ("recipient", "x" * 201, "recipient"),
        ("line1", " ", "line1"),
        ("line1", "Way 1\nElsewhere", "line1"),
        ("line2", "x" * 201, "line2"),
        ("postal_code", "x" * 21, "postalCode"),
        ("postal_code", "", "postalCode"),
        ("postal_code", "10827", "postalCode"),
        ("country_area", "x" * 201, "countryArea"),
        ("company", "x" * 201, "company"),
        ("city", "", "city"),
        ("country", "", "country"),
        ("country", "XX", "country"),
        ("country", "DEU", "country"),
        ("country", "Germany", "country"),
        ("phone", "1" * 41, "phone"),
        ("phone", "1\x00", "phone"),
    ],
)
def test_a_mistake_names_its_field(name: str, value: str, field: str) -> None:
    with pytest.raises(UserErrors) as mistakes:
        postal_address({**TYPED, name: value})
    assert [(error.code, error.field) for error in mistakes.value.errors] == [("INVALID", ("address", field))]


def test_there_are_as_many_countries_as_iso_3166_lists_and_kosovo() -> None:
    assert len(COUNTRY_CODES) == 249 + 1
    assert {"DE", "GB", "US", "AX", "XK", "ZW"} <= COUNTRY_CODES
    assert not {"UK", "EU", "XX"} & COUNTRY_CODES
