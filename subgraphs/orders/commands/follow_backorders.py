"""Follows what inventory tells of pieces that orders wait for."""

from collections.abc import Sequence
from uuid import UUID

from shared.events.handlers import Payload
from subgraphs.orders.domain.waiting import WaitingPieces
from subgraphs.orders.infrastructure.waiting import save_waiting


class WaitingLine(Payload):
    """How many pieces of a line are still to come."""

    line_id: UUID
    waiting: int
    version: int


class BackorderChanged(Payload):
    """An order waits for fewer pieces than before."""

    order_id: UUID
    lines: Sequence[WaitingLine]


async def follow_backorder(event: BackorderChanged) -> None:
    """Remembers what the order's lines wait for, unless a later word came before, as the answer to a command may."""
    await save_waiting(
        event.order_id, [WaitingPieces(line.line_id, line.waiting, line.version) for line in event.lines]
    )
