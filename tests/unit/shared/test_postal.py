"""Postal addresses, by the rules of every country."""

from typing import Any

import pytest

from shared.countries import COUNTRY_CODES
from shared.errors import UserError, UserErrors
from shared.graphql.form import Form
from shared.postal.address import PostalAddress
from shared.postal.countries import rules_of
from shared.postal.reading import read_address

COUNTRIES = sorted(COUNTRY_CODES)


def read(**typed: Any) -> PostalAddress:
    form = Form("INVALID")
    address = read_address(form, {"recipient": "Ada", "line1": "1 Way", "city": "Town", **typed}, "address")
    form.check()
    return address


def mistakes(**typed: Any) -> list[UserError]:
    with pytest.raises(UserErrors) as rejected:
        read(**typed)
    return [*rejected.value.errors]


def fields(**typed: Any) -> list[tuple[str, ...] | None]:
    return [mistake.field for mistake in mistakes(**typed)]


def filled(country: str) -> dict[str, str]:
    """All that a country wants, by its own examples."""
    rules = rules_of(country)
    area = next((each for each in rules.areas if each.requires is None and each.own_postal_codes is None), None)
    codes = (area.postal_code_examples if area else ()) or rules.postal_code_examples
    typed = {"country": country}
    if "postalCode" in rules.order and codes:
        typed["postal_code"] = next((code for code in codes if rules.area_of_postal_code(code)), codes[0])
    if area and (area.postal_code_examples or not area.postal_codes):
        typed["country_area"] = area.code
    return typed


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_address_like_the_examples_of_its_country_is_accepted(country: str) -> None:
    address = read(**filled(country))
    assert address.country == country
    assert address == read(**filled(country))


@pytest.mark.parametrize("country", [each for each in COUNTRIES if "postalCode" in rules_of(each).required])
def test_a_country_that_needs_a_postal_code_says_so_with_an_example(country: str) -> None:
    typed = {name: value for name, value in filled(country).items() if name != "postal_code"}
    wrong = [mistake for mistake in mistakes(**typed) if mistake.field == ("address", "postalCode")]
    examples = rules_of(country).postal_code_examples
    assert len(wrong) == 1
    assert not examples or " such as " in wrong[0].message


@pytest.mark.parametrize("country", [each for each in COUNTRIES if rules_of(each).postal_codes])
def test_what_no_postal_code_looks_like_is_rejected_by_its_field(country: str) -> None:
    assert fields(**{**filled(country), "postal_code": "!?"}) == [("address", "postalCode")]


@pytest.mark.parametrize("country", [each for each in COUNTRIES if "postalCode" not in rules_of(each).order])
def test_a_country_without_postal_codes_takes_an_address_without_one(country: str) -> None:
    assert read(**filled(country)).postal_code is None


@pytest.mark.parametrize("country", [each for each in COUNTRIES if rules_of(each).areas])
def test_each_area_is_found_by_its_code_and_names_and_kept_as_its_code(country: str) -> None:
    rules = rules_of(country)
    for area in rules.areas:
        for name in filter(None, (area.code, area.name, area.latin_name)):
            found = rules.area(f" {name.upper()} ")
            assert found is not None
            assert found.code == area.code
    assert fields(**{**filled(country), "country_area": "Atlantis"}) == [("address", "countryArea")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"country": "us", "postal_code": "94105", "country_area": "california"}, ("94105", "CA")),
        ({"country": "US", "postal_code": "94105-1234"}, ("94105-1234", "CA")),
        ({"country": "GB", "postal_code": "sw1a 1aa", "country_area": "Kent"}, ("SW1A 1AA", "Kent")),
        ({"country": "GB", "postal_code": "ec1y8sy"}, ("EC1Y8SY", None)),
        ({"country": "CA", "postal_code": "h3z 2y7", "country_area": "québec"}, ("H3Z 2Y7", "QC")),
        ({"country": "CA", "postal_code": "H3Z 2Y7", "country_area": "Quebec"}, ("H3Z 2Y7", "QC")),
        (
            {"country": "JP", "postal_code": "〒\uff11\uff10\uff10\uff0d0001", "country_area": "Tokyo"},
            ("100-0001", "東京都"),
        ),
        ({"country": "JP", "postal_code": "100-0001"}, ("100-0001", "東京都")),
        ({"country": "SE", "postal_code": "SE-114 55"}, ("114 55", None)),
        ({"country": "ES", "postal_code": "48001", "country_area": "Bizkaia"}, ("48001", "BI")),
        ({"country": "CN", "postal_code": "200000", "country_area": "Shanghai"}, ("200000", "上海市")),
        ({"country": "CN", "country_area": "澳门"}, (None, "澳门")),
        ({"country": "XK", "postal_code": "10000"}, ("10000", None)),
        ({"country": "HK", "country_area": "kowloon"}, (None, "Kowloon")),
        ({"country": "IE", "postal_code": "d02 x285"}, ("D02 X285", None)),
        ({"country": "BR", "postal_code": "01310-100"}, ("01310-100", "SP")),
        ({"country": "AO", "postal_code": "whatever"}, ("WHATEVER", None)),
        ({"country": "AU", "postal_code": "2000"}, ("2000", "NSW")),
        ({"country": "JP", "postal_code": "100-0001", "country_area": "JP-13"}, ("100-0001", "東京都")),
        ({"country": "IT", "postal_code": "00184", "country_area": "Roma"}, ("00184", "RM")),
        ({"country": "PL", "postal_code": "00\u2013950"}, ("00-950", None)),
    ],
)
def test_addresses_that_people_have_are_accepted_and_kept_tidy(
    typed: dict[str, str], kept: tuple[str | None, str | None]
) -> None:
    address = read(**typed)
    assert (address.postal_code, address.country_area, address.city) == (*kept, "Town")


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"country": "DE"}, "postalCode", "DE has postal codes; enter a postal code such as 26133."),
        (
            {"country": "DE", "postal_code": "1082"},
            "postalCode",
            "The postal code has not the form that DE uses; enter a postal code such as 26133.",
        ),
        (
            {"country": "US", "postal_code": "94105", "country_area": "NY"},
            "postalCode",
            "The postal code is not one of New York; enter a ZIP code such as 10000, or another area.",
        ),
        (
            {"country": "CO"},
            "countryArea",
            "An address in CO has a department; enter its code or name, such as Amazonas, Antioquia, Arauca.",
        ),
        (
            {"country": "US", "postal_code": "94105", "country_area": "Bavaria"},
            "countryArea",
            "US has no state of this name; enter its code or name, such as AL (Alabama), AK (Alaska),"
            " AS (American Samoa).",
        ),
        ({"country": "XK", "postal_code": "80000"}, "postalCode", "enter a postal code such as 10000."),
        ({"country": "PL", "postal_code": "00950"}, "postalCode", "enter a postal code such as 00-950."),
        ({"country": "DE", "postal_code": "١٠٨٢٧"}, "postalCode", "enter a postal code such as 26133."),
    ],
)
def test_what_an_address_lacks_is_told_with_its_field_and_an_example(
    typed: dict[str, str], field: str, says: str
) -> None:
    (mistake,) = [each for each in mistakes(**typed) if each.field == ("address", field)]
    assert mistake.message.endswith(says)


@pytest.mark.parametrize(
    ("country", "typed"), [("US", "west"), ("US", "North"), ("US", "Miss"), ("CA", "Nova"), ("CN", "")]
)
def test_a_part_of_a_name_that_may_be_of_several_areas_is_of_none(country: str, typed: str) -> None:
    assert rules_of(country).area(typed) is None


def test_all_mistakes_of_an_address_are_told_at_once() -> None:
    wrong = fields(country="US", recipient="", city="", phone="1" * 41, postal_code=" ")
    assert {field[1] for field in wrong if field} == {"recipient", "city", "phone", "postalCode", "countryArea"}


@pytest.mark.parametrize("postal_code", ["\ufdfa" * 20, "\uff11" * 20, "-", "\u3012", "(" * 20, "٣" * 20])
def test_a_postal_code_never_grows_longer_than_its_column(postal_code: str) -> None:
    assert 1 <= len(read(country="AO", postal_code=postal_code).postal_code or "") <= 20


def test_a_subgraph_that_reads_no_address_reads_no_country() -> None:
    rules_of.cache_clear()
    read(country="DE", postal_code="10827")
    assert rules_of.cache_info().currsize == 1
