"""Reads of warehouses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.persistence import db

_SELECT = "SELECT id, code, name, country, priority FROM warehouses"


@dataclass(frozen=True, slots=True)
class WarehouseView:
    """A warehouse as the SDL has it."""

    id: UUID
    code: str
    name: str
    country: str
    priority: int


@dataclass(frozen=True, slots=True)
class StockLevelView:
    """The stock of one variant in one warehouse as the SDL has it."""

    warehouse: WarehouseView
    on_hand: int
    held: int

    @property
    def available(self) -> int:
        """What can be promised."""
        return self.on_hand - self.held


async def all_warehouses() -> list[WarehouseView]:
    """All warehouses, by code."""
    return [WarehouseView(**row) for row in await db.fetch(f"{_SELECT} ORDER BY code")]


async def warehouses_by_id(warehouse_ids: Sequence[UUID]) -> Mapping[UUID, WarehouseView]:
    """Those of the warehouses that there are."""
    rows = await db.fetch(f"{_SELECT} WHERE id = ANY($1::uuid[])", warehouse_ids)
    return {row["id"]: WarehouseView(**row) for row in rows}
