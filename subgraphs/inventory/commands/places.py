"""A variant in the warehouses that staff name: what receipts, adjustments and transfers begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.errors import Rejection, Rejections
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import NotEnoughStock, VariantNotFound, WarehouseFull, WarehouseNotFound
from subgraphs.inventory.domain.stock import MOST_ON_HAND, Level, Stock
from subgraphs.inventory.domain.warehouse import Warehouse, WarehouseLevel


@dataclass(frozen=True, slots=True)
class Places:
    """The locked stock of a variant, with a level in each of the warehouses."""

    variant_id: UUID
    warehouses: Sequence[Warehouse]
    stock: Stock

    def require_available(self, warehouse_id: UUID, leaving: int) -> None:
        """Passes when so many units may leave a warehouse. Raises NotEnoughStock."""
        available = self._level(self.stock, warehouse_id).available
        if leaving > available:
            raise NotEnoughStock(available)

    def require_room(self, warehouse_id: UUID, coming: int) -> None:
        """Passes when so many units fit into a warehouse. Raises WarehouseFull."""
        on_hand = self._level(self.stock, warehouse_id).on_hand
        room = max(0, MOST_ON_HAND - on_hand)  # what was returned may be above it
        if coming > room:
            raise WarehouseFull(room)

    def levels(self, stock: Stock) -> list[WarehouseLevel]:
        """What lies in the warehouses, the variant's stock being this."""
        found = [(warehouse, self._level(stock, warehouse.id)) for warehouse in self.warehouses]
        return [WarehouseLevel(warehouse, level.on_hand, level.held) for warehouse, level in found]

    def _level(self, stock: Stock, warehouse_id: UUID) -> Level:
        level = stock.level(self.variant_id, warehouse_id)
        assert level is not None
        return level


async def locked_places(work: InventoryWork, variant_id: UUID, *warehouse_ids: UUID) -> Places:
    """The variant in these warehouses; where it never was, it gets an empty level.

    Raises:
        Rejections: VariantNotFound, WarehouseNotFound, each that is so.
    """
    known = await work.warehouses.by_ids(warehouse_ids)
    stock = await work.stock.lock([variant_id])
    mistakes: list[Rejection] = [] if variant_id in stock.items else [VariantNotFound(variant_id)]
    mistakes += [WarehouseNotFound(warehouse_id) for warehouse_id in warehouse_ids if warehouse_id not in known]
    if mistakes:
        raise Rejections(*mistakes)
    warehouses = [known[warehouse_id] for warehouse_id in warehouse_ids]
    for warehouse in warehouses:
        if stock.level(variant_id, warehouse.id) is None:
            stock = await work.stock.add_level(stock, variant_id, warehouse)
    return Places(variant_id, warehouses, stock)
