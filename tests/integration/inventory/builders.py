"""Stock for tests."""

from uuid import UUID

from shared import db
from shared.ids import new_id
from subgraphs.inventory.commands.set_stock import set_available
from subgraphs.inventory.infrastructure.tables import StockItem, StockLevel, Warehouse


async def stocked_variant(available: int) -> UUID:
    """A new variant with this many pieces, in two warehouses."""
    variant_id = new_id()
    async with db.transaction():
        await StockItem.create(variant_id=variant_id, version=0)
        for code in ("ONE", "TWO"):
            warehouse, _ = await Warehouse.get_or_create(code=code, defaults={"id": new_id(), "name": code, "country": "DE"})
            await StockLevel.create(variant_id=variant_id, warehouse_id=warehouse.id, on_hand=0, held=0)
    await set_available(variant_id, available, "test")
    return variant_id
