"""Puts a variant's stock to a number, as after a stock-taking."""

from collections.abc import Sequence
from uuid import UUID

from shared.errors import BadUserInput, NotFound
from shared.persistence import db
from subgraphs.inventory.commands.hand_over import write_and_hand_over
from subgraphs.inventory.domain.requests import MOST_PIECES
from subgraphs.inventory.domain.stock import Cause, Change, Level, Movement, MovementKind
from subgraphs.inventory.infrastructure.stock import locked_stock


async def set_available(variant_id: UUID, available: int, reason: str) -> None:
    """Adjusts what lies in the warehouses until exactly ``available`` pieces can be bought; pieces held stay held.

    Orders that wait for pieces get theirs first, unless ``available`` is 0.

    Raises:
        BadUserInput: when ``available`` is negative or more than a million.
        NotFound: when inventory does not know the variant.
    """
    if not 0 <= available <= MOST_PIECES:
        raise BadUserInput(f"The number of pieces must be 0 to {MOST_PIECES}.", ("available",))
    async with db.transaction():
        stock = await locked_stock([variant_id])
        if variant_id not in stock.items:
            raise NotFound("Inventory does not know this variant.", ("variant",))
        waiting = stock.items[variant_id].waiting if available else 0
        await write_and_hand_over(stock, Change(_adjustments(stock.levels, available + waiting, Cause(reason))))


def _adjustments(levels: Sequence[Level], available: int, cause: Cause) -> list[Movement]:
    """All available pieces move to the first warehouse; the others keep what they hold for orders."""
    first, *others = sorted(levels, key=lambda level: level.warehouse_id)
    targets = [(first, available), *((level, 0) for level in others)]
    return [
        Movement(MovementKind.ADJUSTED, level.variant_id, level.warehouse_id, target - level.available, 0, cause)
        for level, target in targets
        if target != level.available
    ]
