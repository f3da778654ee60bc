"""Reads a postal address from an input: the same for the address book and for checkout."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.countries import country_code
from shared.graphql.form import Form
from shared.postal.address import PostalAddress
from shared.postal.countries import Area, CountryRules, rules_of

LONGEST_LINE = 200
LONGEST_POSTAL_CODE = 20
LONGEST_PHONE = 40

_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212\u30fc"), "-")


def read_address(form: Form, typed: Mapping[str, Any], *place: str) -> PostalAddress:
    """The address of an input that lies at ``place``, by the rules of its country; notes each field that is wrong.

    It is only good once ``form.check()`` has passed.
    """
    address = _lines(form, typed, *place)
    return _by_country(form, address, rules_of(address.country), *place) if address.country else address


def _lines(form: Form, typed: Mapping[str, Any], *place: str) -> PostalAddress:
    def optional(name: str, label: str, longest: int, field: str) -> str | None:
        return form.optional_text(typed.get(name), label, longest, *place, field)

    return PostalAddress(
        recipient=form.text(typed["recipient"], "The recipient", LONGEST_LINE, *place, "recipient"),
        line1=form.text(typed["line1"], "The first line", LONGEST_LINE, *place, "line1"),
        line2=optional("line2", "The second line", LONGEST_LINE, "line2"),
        postal_code=optional("postal_code", "The postal code", LONGEST_POSTAL_CODE, "postalCode"),
        city=form.text(typed["city"], "The city", LONGEST_LINE, *place, "city"),
        country=_country(form, typed["country"], *place),
        phone=optional("phone", "The telephone number", LONGEST_PHONE, "phone"),
        country_area=optional("country_area", "The state or province", LONGEST_LINE, "countryArea"),
        company=optional("company", "The company", LONGEST_LINE, "company"),
    )


def _country(form: Form, typed: str, *place: str) -> str:
    code = country_code(typed)
    if code is None:
        form.reject('The country is no ISO 3166-1 alpha-2 code; write two letters such as "DE".', *place, "country")
    return code or ""


def _by_country(form: Form, address: PostalAddress, rules: CountryRules, *place: str) -> PostalAddress:
    if not (form.is_good_at(*place, "postalCode") and form.is_good_at(*place, "countryArea")):
        return address
    postal_code = _postal_code(address, rules)
    area = _area(form, address, rules, postal_code, *place)
    required = area.requires if area and area.requires is not None else rules.required
    if postal_code is None and "postalCode" in required:
        form.reject(f"{address.country} has postal codes; enter {_such_as(rules, area)}.", *place, "postalCode")
    elif postal_code is not None and not rules.takes_postal_code(postal_code, area):
        form.reject(_wrong_postal_code(address.country, rules, area, postal_code), *place, "postalCode")
    stored_area = area.code if area else address.country_area
    return replace(address, postal_code=postal_code, country_area=stored_area)


def _area(form: Form, address: PostalAddress, rules: CountryRules, postal_code: str | None, *place: str) -> Area | None:
    """The area that was typed, or the only one that the postal code is of."""
    label, typed = rules.labels["countryArea"], address.country_area
    if typed is not None and rules.areas:
        if (area := rules.area(typed)) is None:
            form.reject(f"{address.country} has no {label} of this name; {_areas(rules)}", *place, "countryArea")
        return area
    if typed is not None or (postal_code is not None and not rules.takes_postal_code(postal_code, None)):
        return None
    found = rules.area_of_postal_code(postal_code) if postal_code else None
    if found is None and "countryArea" in rules.required:
        form.reject(f"An address in {address.country} has {_one(label)}; {_areas(rules)}", *place, "countryArea")
    return found


def _postal_code(address: PostalAddress, rules: CountryRules) -> str | None:
    """A postal code in capitals, with the digits and hyphens of ASCII, and without its country's prefix.

    What the country's form does not take keeps what it has: it may need what looks like a prefix.
    """
    if address.postal_code is None:
        return None
    code = unicodedata.normalize("NFKC", address.postal_code).translate(_HYPHENS).upper().removeprefix("〒").strip()
    prefix = rules.postal_code_prefix
    if prefix and not rules.takes_postal_code(code, None):
        code = code.removeprefix(prefix.strip()).removeprefix(prefix.strip(" -")).lstrip(" -")
    return code if 0 < len(code) <= LONGEST_POSTAL_CODE else address.postal_code


def _wrong_postal_code(country: str, rules: CountryRules, area: Area | None, postal_code: str) -> str:
    if area is not None and rules.takes_postal_code(postal_code, None):
        return f"The postal code is not one of {area.name}; enter {_such_as(rules, area)}, or another area."
    return f"The postal code has not the form that {country} uses; enter {_such_as(rules, area)}."


def _such_as(rules: CountryRules, area: Area | None) -> str:
    label = rules.labels["postalCode"]
    examples = (area.postal_code_examples if area else ()) or rules.postal_code_examples
    return f"{_one(label)} such as {examples[0]}" if examples else _one(label)


def _one(label: str) -> str:
    return f"an {label}" if label[0] in "aeioE" else f"a {label}"


def _areas(rules: CountryRules) -> str:
    """What to enter, with a few of the areas; ``addressForm`` has all of them."""
    some = ", ".join(area.code if area.name == area.code else f"{area.code} ({area.name})" for area in rules.areas[:3])
    return f"enter its code or name, such as {some}." if some else "enter its name."
