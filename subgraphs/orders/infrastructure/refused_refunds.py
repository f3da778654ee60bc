"""Refunds that were refused and wait for a person, in Postgres. Whoever calls has locked their order's row."""

from collections.abc import Sequence
from uuid import UUID

from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.refund import Refund
from subgraphs.orders.infrastructure.refunds import END, END_WITH_PIECES, KEEPS_OUT, refund_by_id

# A STUCK one at REFUND gave nothing back; one at RESTOCK did, and still has pieces to return.
_REFUSED = f"kind = '{Kind.REFUND}' AND step = '{Step.STUCK}' AND stuck_step = '{Step.REFUND}'"

# What came back from the buyer's bank waits for a person too, while its pieces are being settled.
_IS_OWED = "EXISTS (SELECT FROM refunds WHERE refunds.id = sagas.id AND is_owed)"
_WAITING = f"{_REFUSED} OR {_IS_OWED}"

_GIVE_UP = f"""
WITH owed AS (
  UPDATE refunds SET is_owed = false WHERE id = ANY($1::uuid[]) AND is_owed
)
{END} WHERE id = ANY($1::uuid[]) AND {_REFUSED}
"""  # noqa: S608 - constants

# Nothing is left for these. What they were to keep out of stock stays out, and inventory is told of pieces that never came.
_GIVE_UP_KEEPING_OUT = f"""
WITH ended AS (
  {END_WITH_PIECES} WHERE id = ANY($1::uuid[]) AND {_REFUSED} RETURNING id, {KEEPS_OUT} AS keeps_out
)
UPDATE refunds SET is_owed = false, updated_at = clock_timestamp(),
  keeps_out = keeps_out OR id IN (SELECT id FROM ended WHERE ended.keeps_out)
WHERE id = ANY($1::uuid[])
"""  # noqa: S608 - constants

# What these refunds were to keep out of stock, broken as it may be, the cancellation keeps out.
_GIVE_UP_ALL = f"""
WITH ended AS (
  {END} WHERE order_id = $1 AND {_REFUSED} RETURNING id, {KEEPS_OUT} AS keeps_out
)
UPDATE refunds SET is_owed = false, updated_at = clock_timestamp(),
  keeps_out = keeps_out OR id IN (SELECT id FROM ended WHERE ended.keeps_out)
WHERE order_id = $1 AND (is_owed OR id IN (SELECT id FROM ended))
"""  # noqa: S608 - constants


async def refused_refunds(order_id: UUID) -> Sequence[Refund]:
    """Those of an order, the oldest first, those whose money came back from the buyer's bank among them."""
    return await _refunds(f"SELECT id FROM sagas WHERE order_id = $1 AND ({_WAITING}) ORDER BY id", order_id)  # noqa: S608 - constants


async def refused_by_provider(order_id: UUID) -> Sequence[Refund]:
    """Those of an order that the provider refused, the oldest first: none whose money came back from the buyer's bank."""
    query = f"SELECT id FROM sagas WHERE order_id = $1 AND {_REFUSED} AND NOT {_IS_OWED} ORDER BY id"  # noqa: S608 - constants
    return await _refunds(query, order_id)


async def refunds_that_keep_out(order_id: UUID) -> Sequence[Refund]:
    """Those that gave nothing back since a cancellation, or somebody else, gave all of it, and whose pieces stay out of stock."""
    return await _refunds("SELECT id FROM refunds WHERE order_id = $1 AND keeps_out ORDER BY id", order_id)


async def give_up(refunds: Sequence[Refund]) -> None:
    """Ends those that nobody needs to look at any more."""
    await db.execute(_GIVE_UP, [refund.id for refund in refunds])


async def give_up_keeping_out(refund: Refund) -> None:
    """Ends one that no money is left for; its pieces stay out of stock where it was to keep them out."""
    await db.execute(_GIVE_UP_KEEPING_OUT, [refund.id])


async def give_up_for_cancellation(order_id: UUID) -> None:
    """Ends all of an order, which a cancellation takes the place of: it gives back whatever is left."""
    await db.execute(_GIVE_UP_ALL, order_id)


async def _refunds(sql: str, order_id: UUID) -> Sequence[Refund]:
    found = [await refund_by_id(row["id"]) for row in await db.fetch(sql, order_id)]
    return [refund for refund in found if refund]
