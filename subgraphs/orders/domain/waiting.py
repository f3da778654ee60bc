"""Pieces of an order that were bought before they were there, and are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WaitingPieces:
    """How many pieces of a line are still to come, as inventory tells it: what has a greater version is the later word."""

    line_id: UUID
    quantity: int
    version: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """All of an order is held for it, or will be: the lines of which pieces are still to come."""

    waiting: Sequence[WaitingPieces]


@dataclass(frozen=True, slots=True)
class StillToCome:
    """Pieces of a line that are still to be sent and not here yet, and when they are expected, if that is known."""

    line_id: UUID
    quantity: int
    expected_from: date | None


def to_come(day: date | None, today: date) -> date | None:
    """A day on which pieces are expected, unless it is over: when they are late, nobody knows when they come."""
    return day if day and day >= today else None


def waits(pieces: int) -> str:
    """How many pieces wait, in a sentence."""
    return "1 piece waits" if pieces == 1 else f"{pieces} pieces wait"


def when(expected_from: date | None) -> str:
    """The end of a sentence about pieces that wait."""
    return f"expected from {expected_from.isoformat()}" if expected_from else "and nobody knows yet until when"
