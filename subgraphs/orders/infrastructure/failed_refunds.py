"""Refunds whose money came back from the buyer's bank, in Postgres. Whoever writes one has locked its order's row."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from shared.ids import derived_id, new_id
from shared.persistence import db
from subgraphs.orders.domain.refund import RefundSource, RefundStatus
from subgraphs.orders.infrastructure.moves import LockedOrder

_OF_KEY = "SELECT id, status, amount_minor FROM refunds WHERE order_id = $1 AND id = $2"

# What several refunds gave may have been booked as one, and more than was left as what was left.
_OF_SOURCE = f"""
SELECT id, status, amount_minor FROM refunds WHERE order_id = $1 AND source = $2 AND status = '{RefundStatus.DONE}'
ORDER BY amount_minor = $3 DESC, amount_minor > $3 DESC, created_at DESC LIMIT 1
"""  # noqa: S608 - constants

_COME_BACK = f"""
UPDATE refunds SET status = '{RefundStatus.FAILED}', failure = $2, times_back = times_back + 1, is_owed = $3,
  updated_at = clock_timestamp() WHERE id = $1
"""  # noqa: S608 - constants

_SPLIT = f"""
WITH whole AS (
  UPDATE refunds SET amount_minor = amount_minor - $3, updated_at = clock_timestamp() WHERE id = $1 RETURNING *
)
INSERT INTO refunds (id, order_id, status, amount_minor, source, reason, is_restocking, user_id)
SELECT $2, order_id, '{RefundStatus.DONE}', $3, source, reason, false, user_id FROM whole
"""  # noqa: S608 - constants

_INSERT = f"""
INSERT INTO refunds (id, order_id, status, amount_minor, source, reason, is_restocking)
VALUES ($1, $2, '{RefundStatus.PENDING}', $3, '{RefundSource.CANCELLATION}', $4, false)
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class GivenRefund:
    """A refund of which payments tells that it failed."""

    id: UUID
    status: RefundStatus
    amount_minor: int


def cancellation_id(order_id: UUID, attempt: int) -> UUID:
    """The id of the refund by which an attempt at an order is undone."""
    return derived_id(order_id, f"cancellation:{attempt}")


async def refund_of_key(order: LockedOrder, asked: UUID, amount_minor: int, reason: str) -> GivenRefund | None:
    """What orders asked for by this id, which is the order's where it is cancelled; booked or, since it failed first, not yet."""
    found = _given(await db.fetch_row(_OF_KEY, order.id, asked))
    if asked == order.id and found is None:
        undoing = _given(await db.fetch_row(_OF_KEY, order.id, cancellation_id(order.id, order.attempt)))
        found = undoing or await refund_of_source(order.id, RefundSource.CANCELLATION, amount_minor)
    if found is not None or not await db.fetch_value("SELECT EXISTS (SELECT FROM sagas WHERE id = $1)", asked):
        return found
    refund_id = cancellation_id(order.id, order.attempt) if asked == order.id else asked
    await db.execute(_INSERT, refund_id, order.id, amount_minor, reason)
    return GivenRefund(refund_id, RefundStatus.PENDING, amount_minor)


async def refund_of_source(order_id: UUID, source: RefundSource, amount_minor: int) -> GivenRefund | None:
    """The latest refund of this source, one of just this amount if there is one, else of more."""
    return _given(await db.fetch_row(_OF_SOURCE, order_id, source, amount_minor))


async def part_of(refund: GivenRefund, amount_minor: int) -> GivenRefund:
    """The part of a refund that failed, as a refund of its own; its pieces stay with the rest."""
    part_id = new_id()
    await db.execute(_SPLIT, refund.id, part_id, amount_minor)
    return GivenRefund(part_id, refund.status, amount_minor)


async def note_came_back(refund_id: UUID, failure: str, is_owed: bool = True) -> None:
    """Records that the money of a refund came back, and whether the buyer is owed it."""
    await db.execute(_COME_BACK, refund_id, failure, is_owed)


async def is_for_pieces(refund_id: UUID) -> bool:
    """Whether pieces are, or go, back into stock with a refund."""
    found: bool = await db.fetch_value("SELECT EXISTS (SELECT FROM refund_lines WHERE refund_id = $1)", refund_id)
    return found


async def count_as_back(order_id: UUID, amount_minor: int) -> None:
    """Takes from what was given back of a locked order what came back."""
    await db.execute(
        "UPDATE orders SET refunded_minor = greatest(refunded_minor - $2, 0), updated_at = clock_timestamp() WHERE id = $1",
        order_id,
        amount_minor,
    )


async def failure_of(refund_id: UUID) -> str:
    """Why a refund failed."""
    failure: str | None = await db.fetch_value("SELECT failure FROM refunds WHERE id = $1", refund_id)
    return failure or "It came back."


def _given(row: asyncpg.Record | None) -> GivenRefund | None:
    return GivenRefund(row["id"], RefundStatus(row["status"]), row["amount_minor"]) if row else None
