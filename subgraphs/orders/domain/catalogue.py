"""What orders knows of products and stock, by what their owners tell."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.money import Money
from subgraphs.orders.domain.cart import Backorder
from subgraphs.orders.domain.waiting import to_come


@dataclass(frozen=True, slots=True)
class KnownVariant:
    """A variant on sale; ``title`` is what a line of it is called."""

    id: UUID
    sku: str
    title: str
    price: Money


@dataclass(frozen=True, slots=True)
class KnownStock:
    """How many units of a variant can be bought; ``expected_from`` is when units come that orders wait for."""

    available: int
    backorder: Backorder | None = None
    expected_from: date | None = None


@dataclass(frozen=True, slots=True)
class ExpectedDays:
    """When units were expected that orders wait for, before stock was told anew, and when they are now."""

    before: date | None
    now: date | None

    def differ(self, today: date) -> bool:
        """Whether those who wait are to be told: a day that is over is as good as none."""
        return to_come(self.before, today) != to_come(self.now, today)


def line_title(product: str, variant: str, variants: int) -> str:
    """What a line is called: of a product that has one variant only, by the product alone."""
    return f"{product}, {variant}" if variants > 1 else product
