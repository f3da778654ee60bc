"""Reads of what has not come when it was expected."""

from datetime import date

from shared.persistence import db

_LATE = "SELECT coalesce(sum(waiting), 0)::bigint FROM stock_items WHERE waiting > 0 AND backorder_from < $1"


async def late_units(today: date) -> int:
    """How many units orders wait for though their day is over."""
    units: int = await db.fetch_value(_LATE, today)
    return units
