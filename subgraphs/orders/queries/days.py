"""Days on which pieces are expected."""

from datetime import UTC, date, datetime


def to_come(day: date | None) -> date | None:
    """A day, as long as it is today or later: when pieces are late, nobody knows when they come, and nobody is told a day."""
    return day if day and day >= datetime.now(UTC).date() else None
