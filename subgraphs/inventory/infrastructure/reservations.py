"""Reservations and their holds in Postgres. Expiry is judged by the database's clock alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared import db
from subgraphs.inventory.domain.reservation import ReservationState
from subgraphs.inventory.domain.stock import Allocation


@dataclass(frozen=True, slots=True)
class StoredReservation:
    """A reservation as it was when its row was locked."""

    order_id: UUID
    state: ReservationState
    is_overdue: bool


async def locked_reservation(order_id: UUID) -> StoredReservation | None:
    """A reservation, nobody else's to change until the transaction ends; None when the order has none."""
    row = await db.fetch_row(
        "SELECT state, expires_at <= clock_timestamp() AS is_overdue FROM reservations WHERE order_id = $1 FOR UPDATE", order_id
    )
    return StoredReservation(order_id, ReservationState(row["state"]), row["is_overdue"]) if row else None


async def insert_reservation(order_id: UUID, state: ReservationState, ttl_seconds: int) -> datetime | None:
    """Begins a reservation and answers when it ends, or None when the order has one already."""
    expires_at: datetime | None = await db.fetch_value(
        "INSERT INTO reservations (order_id, state, expires_at) VALUES ($1, $2, clock_timestamp() + make_interval(secs => $3))"
        " ON CONFLICT (order_id) DO NOTHING RETURNING expires_at",
        order_id,
        state,
        ttl_seconds,
    )
    return expires_at


async def insert_holds(order_id: UUID, allocations: Sequence[Allocation]) -> None:
    """Remembers which pieces are held where."""
    await db.execute_many(
        "INSERT INTO holds (order_id, line_id, variant_id, warehouse_id, quantity) VALUES ($1, $2, $3, $4, $5)",
        [(order_id, hold.line_id, hold.variant_id, hold.warehouse_id, hold.quantity) for hold in allocations],
    )


async def holds_of(order_id: UUID) -> list[Allocation]:
    """The pieces held for an order."""
    rows = await db.fetch("SELECT line_id, variant_id, warehouse_id, quantity FROM holds WHERE order_id = $1", order_id)
    return [Allocation(**row) for row in rows]


async def set_state(order_id: UUID, state: ReservationState) -> None:
    """Moves a locked reservation on."""
    await db.execute("UPDATE reservations SET state = $2 WHERE order_id = $1", order_id, state)


async def overdue_orders(limit: int) -> list[UUID]:
    """Orders whose holds have ended, the longest overdue first."""
    rows = await db.fetch(
        "SELECT order_id FROM reservations WHERE state = 'HELD' AND expires_at <= clock_timestamp() ORDER BY expires_at LIMIT $1",
        limit,
    )
    return [row["order_id"] for row in rows]
