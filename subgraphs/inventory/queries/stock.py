"""Reads of stock, batched."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.days import today
from shared.persistence import db
from subgraphs.inventory.domain.stock import Item, StockStatus, status_of
from subgraphs.inventory.domain.warehouse import Warehouse, WarehouseLevel
from subgraphs.inventory.infrastructure.rows import item_of


@dataclass(frozen=True, slots=True)
class StockView:
    """What a shopper may know."""

    available: int
    item: Item

    @property
    def status(self) -> StockStatus:
        """The number in a word."""
        return status_of(self.available, self.item)

    @property
    def orderable(self) -> int | None:
        """How many can be ordered now, with those that follow later; None: without limit."""
        remaining = self.item.backorders.remaining(self.item.waiting)
        return None if remaining is None else self.available + remaining

    @property
    def available_from(self) -> date | None:
        """From when on a unit that is bought now can be sent, if not at once; a day that is over is not told."""
        day = self.item.backorders.available_from
        is_to_come = day is not None and day >= today()
        return day if is_to_come and self.status is StockStatus.BACKORDER else None


@dataclass(frozen=True, slots=True)
class BackorderView:
    """A variant's rule of back-orders as the SDL has it."""

    is_allowed: bool
    available_from: date | None
    limit: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class StockPolicyView:
    """A variant's rules as the SDL has them."""

    low_stock_threshold: int
    backorder: BackorderView


@dataclass(frozen=True, slots=True)
class VariantStock:
    """Inventory's part of a ``ProductVariant``; ``weight_grams`` is the catalogue's, where the router sent it."""

    id: UUID
    stock: StockView
    stock_levels: Sequence[WarehouseLevel]
    weight_grams: int | None = None

    @property
    def stock_policy(self) -> StockPolicyView:
        """The rules."""
        return policy_view(self.stock.item)


def policy_view(item: Item) -> StockPolicyView:
    """The rules of an item."""
    rules = item.backorders
    return StockPolicyView(
        item.low_stock_threshold, BackorderView(rules.is_allowed, rules.available_from, rules.limit, item.waiting)
    )


async def stock_by_variant(variant_ids: Sequence[UUID]) -> Mapping[UUID, VariantStock]:
    """The stock of those variants that inventory knows, in one statement."""
    rows = await db.fetch(
        "SELECT item.variant_id, item.version, item.low_stock_threshold, item.is_backorder_allowed,"
        " item.backorder_from, item.backorder_limit, item.waiting, level.on_hand, level.held,"
        " warehouse.id, warehouse.code, warehouse.name, warehouse.country, warehouse.priority"
        " FROM stock_items AS item JOIN stock_levels AS level USING (variant_id)"
        " JOIN warehouses AS warehouse ON warehouse.id = level.warehouse_id"
        " WHERE item.variant_id = ANY($1::uuid[]) ORDER BY warehouse.code",
        variant_ids,
    )
    levels: defaultdict[UUID, list[WarehouseLevel]] = defaultdict(list)
    items: dict[UUID, Item] = {}
    warehouses: dict[UUID, Warehouse] = {}
    for row in rows:
        variant_id, *_, on_hand, held, warehouse_id, code, name, country, priority = row
        warehouse = warehouses.get(warehouse_id)
        if warehouse is None:
            warehouse = warehouses[warehouse_id] = Warehouse(warehouse_id, code, name, country, priority)
        levels[variant_id].append(WarehouseLevel(warehouse, on_hand, held))
        if variant_id not in items:
            items[variant_id] = item_of(row)
    return {variant_id: _variant_stock(item, levels[variant_id]) for variant_id, item in items.items()}


def _variant_stock(item: Item, levels: Sequence[WarehouseLevel]) -> VariantStock:
    return VariantStock(item.variant_id, StockView(sum(level.available for level in levels), item), levels)
