"""Reads of warehouses."""

from shared.persistence import db
from subgraphs.inventory.domain.warehouse import Warehouse


async def all_warehouses() -> list[Warehouse]:
    """All warehouses, by code."""
    rows = await db.fetch("SELECT id, code, name, country, priority FROM warehouses ORDER BY code")
    return [Warehouse(**row) for row in rows]
