"""What stands between a cart and an order, or is to be known before it is placed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shared.money import Money


@dataclass(frozen=True, slots=True)
class NoLongerSold:
    """The line's variant can't be bought any more."""

    title: str


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """The line costs something else than its buyer has seen."""

    title: str
    seen: Money
    now: Money


@dataclass(frozen=True, slots=True)
class InsufficientStock:
    """The line asks for more units than are ``available`` now and may follow ``later``."""

    title: str
    available: int
    later: int


@dataclass(frozen=True, slots=True)
class Backordered:
    """Only ``available`` units are in stock; the others follow, on ``expected_from`` if that is known.

    The one problem that does not keep its line from being ordered.
    """

    title: str
    available: int
    expected_from: date | None


LineProblem = NoLongerSold | PriceChanged | InsufficientStock | Backordered


@dataclass(frozen=True, slots=True)
class SeveralCurrencies:
    """The cart's prices can't be added."""

    currencies: Sequence[str]


@dataclass(frozen=True, slots=True)
class TotalTooLarge:
    """The cart costs more than ``most``, which an order can."""

    most: Money


CartProblem = SeveralCurrencies | TotalTooLarge
