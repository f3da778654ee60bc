"""Which products a list is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import BadUserInput
from shared.money import parse_minor
from shared.text import optional_text, text_mistake

CURRENCY = "EUR"  # what the shop's prices, and so the filter's, are in
MAX_TEXT_LENGTH = 200

_WORD = re.compile(r"\w+")
# What websearch_to_tsquery understands beyond words: with it, nobody is in the middle of typing a title.
_OPERATOR = re.compile(r'"|(^|\s)-|\bor\b', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Conditions that all hold; None is no condition. Prices are in the currency's minor unit."""

    category: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    text: str | None = None

    def values(self) -> dict[str, Any]:
        """The parameters that statements take for it, without the category, of which they take ids."""
        values: dict[str, Any] = {}
        if self.min_price is not None:
            values["min_price"] = self.min_price
        if self.max_price is not None:
            values["max_price"] = self.max_price
        if self.text is not None:
            values |= {"text": self.text, "title_prefix": title_prefix(self.text)}
        return values


def parse_filter(arguments: Mapping[str, Any] | None) -> ProductFilter:
    """Reads the SDL's ``ProductFilter``.

    Raises:
        BadUserInput: when a price or the text is out of range, naming the field.
    """
    if not arguments:
        return ProductFilter()
    low = _parse_price(arguments.get("min_price"), "minPrice")
    high = _parse_price(arguments.get("max_price"), "maxPrice")
    if low is not None and high is not None and low > high:
        raise BadUserInput("minPrice is above maxPrice.", ("filter", "minPrice"))
    return ProductFilter(arguments.get("category"), low, high, _parse_text(arguments.get("text")))


def title_prefix(text: str) -> str:
    """A tsquery for titles that hold these words, the last of them perhaps still being typed; empty when there are none."""
    words = [] if _OPERATOR.search(text) else _WORD.findall(text)
    return " & ".join(f"'{word}':A" for word in words) + "*" if words else ""


def _parse_price(text: str | None, name: str) -> int | None:
    try:
        return None if text is None else parse_minor(text, CURRENCY, ("filter", name))
    except BadUserInput as error:
        raise BadUserInput(f"{name}: {error.message}", error.field) from error


def _parse_text(text: str | None) -> str | None:
    words = optional_text(text)
    if words is None:
        return None
    mistake = text_mistake("The text", words, MAX_TEXT_LENGTH)
    if mistake is not None:
        raise BadUserInput(mistake, ("filter", "text"))
    return words
