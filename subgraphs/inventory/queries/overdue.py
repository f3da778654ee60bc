"""Reads of holds whose time is over."""

from uuid import UUID

from shared.persistence import db

_OVERDUE = """
SELECT order_id FROM reservations WHERE state = 'HELD' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1
"""


async def overdue_orders(limit: int) -> list[UUID]:
    """Orders whose holds have ended, the longest overdue first."""
    return [row["order_id"] for row in await db.fetch(_OVERDUE, limit)]
