"""Puts a variant's stock to a number, as after a stock-taking."""

from uuid import UUID

from shared import db
from shared.errors import BadUserInput, NotFound
from subgraphs.inventory.domain.stock import Level
from subgraphs.inventory.infrastructure.stock import Change, MovementKind, apply_changes, locked_levels


async def set_available(variant_id: UUID, available: int, reason: str) -> None:
    """Adjusts what lies in the warehouses until exactly ``available`` pieces can be bought; pieces held stay held.

    Raises:
        BadUserInput: when ``available`` is negative.
        NotFound: when inventory does not know the variant.
    """
    if available < 0:
        raise BadUserInput("The number of pieces can't be negative.", ("available",))
    async with db.transaction():
        levels = await locked_levels([variant_id])
        if not levels:
            raise NotFound("Inventory does not know this variant.", ("variant",))
        await apply_changes(MovementKind.ADJUSTED, _adjustments(levels, available), reason)


def _adjustments(levels: list[Level], available: int) -> list[Change]:
    """All available pieces move to the first warehouse; the others keep what they hold for orders."""
    first, *others = sorted(levels, key=lambda level: level.warehouse_id)
    targets = [(first, available), *((level, 0) for level in others)]
    return [Change(level.variant_id, level.warehouse_id, target - level.available, 0) for level, target in targets]
