"""Units of an order that were bought before they were there, and are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WaitingUnits:
    """How many units of a line are still to come, as inventory tells it:
    what has a greater version is the later word.
    """

    line_id: UUID
    quantity: int
    version: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """All of an order is held for it, or will be: the lines of which units are still to come."""

    waiting: Sequence[WaitingUnits]


@dataclass(frozen=True, slots=True)
class StillToCome:
    """Units of a line that are still to be shipped and not here yet, and when they are expected, if that is known."""

    line_id: UUID
    quantity: int
    expected_from: date | None


def to_come(day: date | None, today: date) -> date | None:
    """A day on which units are expected, unless it is over: when they are late, nobody knows when they come."""
    return day if day and day >= today else None
