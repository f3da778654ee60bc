"""What became of an order's pieces and money, in Postgres, and the status that follows. Call it with the order's row locked."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
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
    WHERE part.line_id = line.id AND (refund.status = 'DONE' OR refund.times_back > 0)
  ) AS refunded, (
    SELECT coalesce(sum(part.quantity), 0)::int FROM refund_lines AS part JOIN refunds AS refund ON refund.id = part.refund_id
    WHERE part.line_id = line.id AND refund.keeps_out
  ) AS kept_out
FROM order_lines AS line WHERE line.order_id = $1 ORDER BY line.position
"""

_WAITING = """
SELECT line.id, line.waiting - coalesce(part.quantity, 0) AS waiting FROM order_lines AS line
LEFT JOIN refund_lines AS part ON part.line_id = line.id AND part.refund_id = $2 WHERE line.order_id = $1 AND line.waiting > 0
"""

_ORDER = """
SELECT total_minor = 0 AS is_free, refunded_minor = total_minor AS is_all_given_back,
  EXISTS (SELECT FROM shipments WHERE order_id = $1 AND status = 'SHIPPED') AS is_on_its_way
FROM orders WHERE id = $1
"""


async def standing_of(order_id: UUID) -> Standing:
    """What became of an order's pieces and money."""
    lines = [LineStanding(row["ordered"], row["shipped"], row["refunded"]) for row in await db.fetch(_LINES, order_id)]
    row = await db.fetch_row(_ORDER, order_id)
    assert row is not None
    is_all_given_back = (
        all(line.refunded == line.ordered for line in lines) if row["is_free"] else row["is_all_given_back"]
    )
    return Standing(lines, row["is_on_its_way"], is_all_given_back)


async def pieces_here(order_id: UUID) -> Sequence[Pieces]:
    """The pieces of an order that neither left nor were refunded, nor stay out of stock."""
    rows = await db.fetch(_LINES, order_id)
    here = [Pieces(row["id"], row["ordered"] - row["shipped"] - row["refunded"] - row["kept_out"]) for row in rows]
    return [pieces for pieces in here if pieces.quantity > 0]


async def waited_for_in_vain(order_id: UUID, refund_id: UUID) -> Sequence[Pieces]:
    """The pieces of an order that it waits for still, besides those of this refund: a refund is for pieces that wait first."""
    rows = await db.fetch(_WAITING, order_id, refund_id)
    waiting = {row["id"]: row["waiting"] for row in rows}
    here = await pieces_here(order_id)
    in_vain = [Pieces(pieces.line_id, min(pieces.quantity, waiting.get(pieces.line_id, 0))) for pieces in here]
    return [pieces for pieces in in_vain if pieces.quantity > 0]


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
