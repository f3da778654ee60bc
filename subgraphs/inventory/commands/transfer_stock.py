"""Moves free units from one warehouse to another."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.places import locked_places
from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.stock import Cause, Change, Movement, MovementKind
from subgraphs.inventory.domain.warehouse import WarehouseLevel


@dataclass(frozen=True, slots=True)
class TransferStock:
    """``quantity`` is 1 or more, and the two warehouses are not the same."""

    variant_id: UUID
    from_warehouse_id: UUID
    to_warehouse_id: UUID
    quantity: int
    reason: str
    actor_id: UUID


async def transfer_stock(command: TransferStock, work: InventoryWork) -> Sequence[WarehouseLevel]:
    """The level that the units left, and the one that they came to.

    Raises:
        Rejections: VariantNotFound, WarehouseNotFound.
        NotEnoughStock, WarehouseFull
    """
    origin, target = command.from_warehouse_id, command.to_warehouse_id
    places = await locked_places(work, command.variant_id, origin, target)
    places.require_available(origin, command.quantity)
    places.require_room(target, command.quantity)
    cause = Cause(command.reason, command.actor_id)
    leaving = Movement(MovementKind.MOVED, command.variant_id, origin, -command.quantity, 0, cause)
    coming = Movement(MovementKind.MOVED, command.variant_id, target, command.quantity, 0, cause)
    return places.levels(await save_and_allocate(work, places.stock, Change([leaving, coming])))
