"""Which products a list is about."""

import re
from dataclasses import dataclass
from typing import Any

CURRENCY = "EUR"  # what the shop's prices, and so the filter's, are in

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


def title_prefix(text: str) -> str:
    """A tsquery for titles that hold these words, the last one perhaps still being typed; empty when there are none."""
    words = [] if _OPERATOR.search(text) else _WORD.findall(text)
    return " & ".join(f"'{word}':A" for word in words) + "*" if words else ""
