"""What forms for addresses ask, country by country."""

import pytest

from shared.countries import COUNTRY_CODES
from subgraphs.users.queries.address_forms import AddressForm, AddressFormField, address_form

INPUT_FIELDS = {"recipient", "company", "line1", "line2", "city", "countryArea", "postalCode", "phone"}
ALWAYS = {"recipient", "line1", "line2", "city", "phone"}


def form(country: str) -> AddressForm:
    found = address_form(country)
    assert found is not None
    return found


def field(country: str, name: str) -> AddressFormField:
    return next(each for each in form(country).fields if each.name == name)


@pytest.mark.parametrize("country", sorted(COUNTRY_CODES))
def test_each_country_asks_for_fields_that_the_input_has_each_once(country: str) -> None:
    names = [each.name for each in form(country).fields]
    assert len(names) == len(set(names))
    assert ALWAYS <= set(names) <= INPUT_FIELDS
    assert all(each.label for each in form(country).fields)


def test_a_form_is_in_the_order_of_its_country() -> None:
    names = [each.name for each in form("jp").fields]
    assert names == ["postalCode", "countryArea", "line1", "line2", "city", "company", "recipient", "phone"]


def test_a_form_names_fields_as_its_country_does() -> None:
    assert field("US", "postalCode").label == "ZIP code"
    assert field("JP", "countryArea").label == "prefecture"
    assert field("GB", "city").label == "post town"
    assert field("IE", "postalCode").label == "Eircode"


def test_a_form_says_what_is_needed_and_what_can_be_chosen() -> None:
    assert field("US", "countryArea").is_required
    assert ("CA", "California") in [(area.code, area.name) for area in field("US", "countryArea").choices]
    assert field("XK", "postalCode").examples == ("10000",)
    assert not field("XK", "postalCode").is_required
    assert field("DE", "postalCode").is_required


@pytest.mark.parametrize("country", ["", "XX", "Germany", "ZZ", "../de", "D\u200bE"])
def test_what_is_no_country_has_no_form(country: str) -> None:
    assert address_form(country) is None
