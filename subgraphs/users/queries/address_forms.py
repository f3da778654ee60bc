"""What to ask for an address in a country; no table holds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.countries import country_code
from shared.postal.countries import Area, CountryRules, rules_of

# What is asked for whatever the country; an address of ours has a city even where the country's labels have none.
_ALWAYS = frozenset({"recipient", "line1", "city"})
_LABELS = {
    "recipient": "recipient",
    "company": "company",
    "line1": "street and number",
    "line2": "flat, floor",
    "phone": "telephone number",
}


@dataclass(frozen=True, slots=True)
class AddressFormField:
    """A field as the SDL has it."""

    name: str
    label: str
    is_required: bool
    choices: Sequence[Area]
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class AddressForm:
    """A form as the SDL has it."""

    country: str
    fields: Sequence[AddressFormField]


def address_form(typed: str) -> AddressForm | None:
    """The form of a country; None when it is none."""
    code = country_code(typed)
    if code is None:
        return None
    rules = rules_of(code)
    return AddressForm(code, [_field(name, rules) for name in _names(rules)])


def _names(rules: CountryRules) -> Iterator[str]:
    for name in rules.order:
        yield name
        if name == "line1":
            yield "line2"
            if "city" not in rules.order:
                yield "city"
    yield "phone"


def _field(name: str, rules: CountryRules) -> AddressFormField:
    return AddressFormField(
        name=name,
        label=rules.labels.get(name) or _LABELS[name],
        is_required=name in rules.required | _ALWAYS,
        choices=rules.areas if name == "countryArea" else (),
        examples=rules.postal_code_examples if name == "postalCode" else (),
    )
