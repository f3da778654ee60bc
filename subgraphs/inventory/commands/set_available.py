"""Puts a variant's stock to a number, as after a stock-taking."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.inventory.commands.saving import save_and_allocate
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import VariantNotFound
from subgraphs.inventory.domain.stock import Cause, Change, Level, Movement, MovementKind


@dataclass(frozen=True, slots=True)
class SetAvailable:
    """``available`` is 0 or more."""

    variant_id: UUID
    available: int
    reason: str


async def set_available(command: SetAvailable, work: InventoryWork) -> None:
    """Adjusts what lies in the warehouses until exactly so many units can be bought; units held stay held.

    Orders that wait for units get theirs first, unless ``available`` is 0.

    Raises:
        VariantNotFound
    """
    stock = await work.stock.lock([command.variant_id])
    if command.variant_id not in stock.items:
        raise VariantNotFound(command.variant_id)
    waiting = stock.items[command.variant_id].waiting if command.available else 0
    movements = _adjustments(stock.levels, command.available + waiting, Cause(command.reason))
    await save_and_allocate(work, stock, Change(movements))


def _adjustments(levels: Sequence[Level], available: int, cause: Cause) -> list[Movement]:
    """All available units move to the first warehouse; the others keep what they hold for orders."""
    first, *others = sorted(levels, key=lambda level: level.warehouse_id)
    targets = [(first, available), *((level, 0) for level in others)]
    return [
        Movement(MovementKind.ADJUSTED, level.variant_id, level.warehouse_id, target - level.available, 0, cause)
        for level, target in targets
        if target != level.available
    ]
