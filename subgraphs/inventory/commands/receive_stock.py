"""Books units that came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.places import locked_places
from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.domain.warehouse import WarehouseLevel


@dataclass(frozen=True, slots=True)
class ReceiveStock:
    """``quantity`` is 1 or more."""

    variant_id: UUID
    warehouse_id: UUID
    quantity: int
    reason: str
    actor_id: UUID


async def receive_stock(command: ReceiveStock, work: InventoryWork) -> Sequence[WarehouseLevel]:
    """The level afterwards. Orders that wait for units get theirs first.

    Raises:
        Rejections: VariantNotFound, WarehouseNotFound.
        WarehouseFull
    """
    variant_id, warehouse_id = command.variant_id, command.warehouse_id
    places = await locked_places(work, variant_id, warehouse_id)
    places.require_room(warehouse_id, command.quantity)
    cause = Cause(command.reason, command.actor_id)
    movement = Movement(MovementKind.RECEIVED, variant_id, warehouse_id, command.quantity, 0, cause)
    return places.levels(await save_and_allocate(work, places.stock, Change([movement])))
