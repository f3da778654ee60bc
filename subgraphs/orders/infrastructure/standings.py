"""What became of an order's pieces and money, in Postgres, and the status that follows. Call it with the order's row locked."""

from collections.abc import Sequence
from uuid import UUID

from shared import db
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.standing import LineStanding, Standing, moves_between, status_of
from subgraphs.orders.infrastructure.moves import lock_order, note, set_status

_LINES = """
SELECT line.id, line.quantity AS ordered, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM shipment_lines AS part JOIN shipments AS parcel ON parcel.id = part.shipment_id
    WHERE part.line_id = line.id AND parcel.status IN ('SHIPPED', 'DELIVERED')
  ) AS shipped, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND refund.status = 'DONE'
  ) AS refunded
FROM order_lines AS line WHERE line.order_id = $1 ORDER BY line.position
"""

_ORDER = """
SELECT total_minor > 0 AND refunded_minor = total_minor AS is_all_given_back,
  EXISTS (SELECT FROM shipments WHERE order_id = $1 AND status = 'SHIPPED') AS is_on_its_way
FROM orders WHERE id = $1
"""


async def standing_of(order_id: UUID) -> Standing:
    """What became of an order's pieces and money."""
    lines = [LineStanding(row["ordered"], row["shipped"], row["refunded"]) for row in await db.fetch(_LINES, order_id)]
    row = await db.fetch_row(_ORDER, order_id)
    assert row is not None
    return Standing(lines, row["is_on_its_way"], row["is_all_given_back"])


async def pieces_here(order_id: UUID) -> Sequence[Pieces]:
    """The pieces of an order that neither left nor were refunded."""
    rows = await db.fetch(_LINES, order_id)
    here = [Pieces(row["id"], row["ordered"] - row["shipped"] - row["refunded"]) for row in rows]
    return [pieces for pieces in here if pieces.quantity > 0]


async def move_on(order_id: UUID, reason: str, actor: Actor, user_id: UUID | None) -> Sequence[OrderStatus]:
    """Gives an order the status that it has by what became of it, and tells its moves; each has a line of its history."""
    order = await lock_order(order_id)
    assert order is not None
    moves = moves_between(order.status, status_of(await standing_of(order_id)))
    before = order
    for status in moves:
        await set_status(before, status, reason, actor, user_id)
        before = before.moved_to(status)
    return moves


async def move_on_with_note(order_id: UUID, reason: str, actor: Actor, user_id: UUID | None) -> None:
    """The same; without a move there is a line of the history all the same."""
    if not await move_on(order_id, reason, actor, user_id):
        order = await lock_order(order_id)
        assert order is not None
        await note(order_id, order.status, order.status, reason, actor, user_id)
