"""Values of scalars: valid for their type, and what the field's name lets one expect."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tilt.examples import draws, words

_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_MINUTES = 300 * 24 * 60
_TO_COME = timedelta(days=3650)
_LATER = re.compile("expire|until|due|expected|available", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

Make = Callable[[str, str, str], Any]


def leaf(scalar: str, parent: str, field: str, place: str) -> Any:
    """A value of a scalar; of one that nobody here knows, a text.

    ``place`` decides which, ``parent`` and ``field`` name what it is of.
    """
    return _SCALARS.get(scalar, _text)(parent, field, place)


def _text(parent: str, field: str, place: str) -> str:
    for pattern, make in _TEXTS:
        if pattern.search(field):
            return str(make(parent, field, place))
    return f"{_HUMP.sub(' ', field).capitalize()} {draws.number(place, 1, 999)}"


def _name(parent: str, field: str, place: str) -> str:
    is_person = re.search("user|person|author|customer|account", parent + field, re.IGNORECASE)
    return draws.pick(place, words.PEOPLE if is_person else words.THINGS)


def _email(parent: str, field: str, place: str) -> str:
    return f"{_slug(draws.pick(place, words.PEOPLE), '.')}.{draws.letters(place, 6)}@example.com"


def _slug(text: str, joint: str = "-") -> str:
    return text.lower().replace(" ", joint)


def _url(parent: str, field: str, place: str) -> str:
    return f"https://example.com/{_slug(parent)}/{draws.letters(place, 8)}"


def _moment(parent: str, field: str, place: str) -> datetime:
    moment = _EPOCH + timedelta(minutes=draws.number(place, 0, _MINUTES))
    return moment + _TO_COME if _LATER.search(field) else moment


def _int(parent: str, field: str, place: str) -> int:
    for pattern, lowest, highest in _NUMBERS:
        if pattern.search(field):
            return draws.number(place, lowest, highest)
    return draws.number(place, 1, 100)


def _from(choices: tuple[str, ...]) -> Make:
    return lambda parent, field, place: draws.pick(place, choices)


def _named(*parts: str) -> re.Pattern[str]:
    """Fields whose name has one of these words, at its beginning or in its middle."""
    alternatives = "|".join(f"^{part}|{part.capitalize()}" for part in parts)
    return re.compile(f"(?:{alternatives})(?![a-z])")


# The first that fits makes the text.
_TEXTS: tuple[tuple[re.Pattern[str], Make], ...] = (
    (re.compile("email", re.IGNORECASE), _email),
    (_named("slug"), lambda *of: f"{_slug(draws.pick(of[2], words.THINGS))}-{draws.letters(of[2], 6)}"),
    (re.compile("url|link|href", re.IGNORECASE), _url),
    (_named("sku"), lambda parent, field, place: f"SKU-{draws.letters(place, 6).upper()}"),
    (_named("country"), _from(words.COUNTRIES)),
    (_named("currency"), lambda *_: words.CURRENCY),
    (_named("city"), _from(words.CITIES)),
    (re.compile("^line1$|street", re.IGNORECASE), _from(words.STREETS)),
    (_named("postal", "zip", "postcode"), lambda parent, field, place: f"{draws.number(place, 10000, 99999)}"),
    (_named("phone"), lambda parent, field, place: f"+4940{draws.number(place, 1000000, 9999999)}"),
    (_named("description", "message", "reason", "text", "body", "comment"), _from(words.SENTENCES)),
    (_named("recipient"), _from(words.PEOPLE)),
    (_named("title", "subject", "label"), _from(words.THINGS)),
    (re.compile("[nN]ame$"), _name),
    (_named("mediaType"), lambda *_: "image/svg+xml"),
    (_named("digits"), lambda parent, field, place: f"{draws.number(place, 0, 9999):04d}"),
    (_named("code"), lambda parent, field, place: draws.letters(place, 6).upper()),
    (re.compile("token|secret|cursor|code", re.IGNORECASE), lambda parent, field, place: draws.letters(place, 24)),
)

_NUMBERS: tuple[tuple[re.Pattern[str], int, int], ...] = (
    (re.compile("[wW]eight"), 50, 5000),
    (re.compile("[mM]onth"), 1, 12),
    (re.compile("[yY]ear"), 2030, 2035),
    (re.compile("[rR]ating|[sS]tars"), 1, 5),
    (re.compile("[qQ]uantity|[cC]ount"), 1, 9),
)

_SCALARS: dict[str, Make] = {
    "ID": lambda parent, field, place: str(draws.uuid(place)),
    "String": _text,
    "Int": _int,
    "Float": lambda parent, field, place: draws.number(place, 10, 999) / 10,
    "Boolean": lambda parent, field, place: draws.number(place, 0, 1) == 1,
    "Decimal": lambda parent, field, place: f"{draws.number(place, 1, 199)}.{draws.number(place, 0, 9)}0",
    "CurrencyCode": lambda *_: words.CURRENCY,
    "DateTime": lambda *of: _moment(*of).isoformat().replace("+00:00", "Z"),
    "Date": lambda *of: _moment(*of).date().isoformat(),
    "Time": lambda *of: _moment(*of).time().isoformat(),
    "URL": _url,
    "URI": _url,
    "UUID": lambda parent, field, place: str(draws.uuid(place)),
    "Email": _email,
    "EmailAddress": _email,
    "CountryCode": _from(words.COUNTRIES),
    "BigInt": _int,
    "Long": _int,
    "JSON": lambda parent, field, place: {"example": draws.letters(place, 8)},
}
