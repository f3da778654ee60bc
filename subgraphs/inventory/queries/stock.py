"""Reads of stock, batched."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared import db
from subgraphs.inventory.domain.stock import StockStatus, status_of


@dataclass(frozen=True, slots=True)
class WarehouseView:
    """A warehouse as the SDL has it."""

    id: UUID
    code: str
    name: str
    country: str


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


@dataclass(frozen=True, slots=True)
class StockView:
    """What a shopper may know."""

    available: int

    @property
    def status(self) -> StockStatus:
        """The number in a word."""
        return status_of(self.available)


@dataclass(frozen=True, slots=True)
class VariantStock:
    """Inventory's part of a ``ProductVariant``."""

    id: UUID
    stock: StockView
    stock_levels: Sequence[StockLevelView]


async def stock_by_variant(variant_ids: Sequence[UUID]) -> Mapping[UUID, VariantStock]:
    """The stock of those variants that inventory knows, in one statement."""
    rows = await db.fetch(
        "SELECT level.variant_id, level.on_hand, level.held, warehouse.id, warehouse.code, warehouse.name, warehouse.country"
        " FROM stock_levels AS level JOIN warehouses AS warehouse ON warehouse.id = level.warehouse_id"
        " WHERE level.variant_id = ANY($1::uuid[]) ORDER BY warehouse.code",
        variant_ids,
    )
    levels: defaultdict[UUID, list[StockLevelView]] = defaultdict(list)
    for variant_id, on_hand, held, *warehouse in rows:
        levels[variant_id].append(StockLevelView(WarehouseView(*warehouse), on_hand, held))
    return {variant_id: _variant_stock(variant_id, its_levels) for variant_id, its_levels in levels.items()}


def _variant_stock(variant_id: UUID, levels: Sequence[StockLevelView]) -> VariantStock:
    return VariantStock(variant_id, StockView(sum(level.available for level in levels)), levels)


async def all_warehouses() -> list[WarehouseView]:
    """All warehouses, by code."""
    return [WarehouseView(**row) for row in await db.fetch("SELECT id, code, name, country FROM warehouses ORDER BY code")]
