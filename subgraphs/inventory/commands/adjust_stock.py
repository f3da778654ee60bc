"""Corrects what lies in a warehouse, as after a count."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.places import locked_places
from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.domain.warehouse import WarehouseLevel


@dataclass(frozen=True, slots=True)
class AdjustStock:
    """``delta`` is never 0."""

    variant_id: UUID
    warehouse_id: UUID
    delta: int
    reason: str
    actor_id: UUID


async def adjust_stock(command: AdjustStock, work: InventoryWork) -> Sequence[WarehouseLevel]:
    """The level afterwards. Units that are held stay.

    Raises:
        Rejections: VariantNotFound, WarehouseNotFound.
        WarehouseFull, NotEnoughStock
    """
    variant_id, warehouse_id = command.variant_id, command.warehouse_id
    places = await locked_places(work, variant_id, warehouse_id)
    places.require_room(warehouse_id, command.delta)
    places.require_available(warehouse_id, -command.delta)
    cause = Cause(command.reason, command.actor_id)
    movement = Movement(MovementKind.ADJUSTED, variant_id, warehouse_id, command.delta, 0, cause)
    return places.levels(await save_and_allocate(work, places.stock, Change([movement])))
