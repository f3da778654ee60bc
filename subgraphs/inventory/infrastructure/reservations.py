"""Reservations, their lines and holds in Postgres. Expiry is judged by the database's clock alone.

The versions that others are told with waiting lines are drawn from a sequence while the variant is locked:
they grow for each line.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from shared.json import dumps
from shared.persistence import db
from subgraphs.inventory.domain.filling import Allocation, Demand
from subgraphs.inventory.domain.promise import Arrival, Promise, Reserved, Waiting, WaitingLine
from subgraphs.inventory.domain.reservation import Ended, NewReservation, Reservation, ReservationState, Stage
from subgraphs.inventory.domain.returning import Return, SoldHold, SoldLine, Unwaited
from subgraphs.inventory.domain.stock import Stock
from subgraphs.inventory.infrastructure import reservation_statements as statements
from subgraphs.inventory.infrastructure.stock import parameters, stock_of


class PostgresReservations:
    """The port ReservationRepository, in the task's transaction."""

    async def lock(self, order_id: UUID) -> Reservation | None:
        if rows := await db.fetch(statements.LOCK, order_id=order_id):
            return _reservation(order_id, rows[0], stock_of(rows))
        # None, or one that has no lines since it only bars its order, or one that was made a moment ago.
        row = await db.fetch_row(statements.LOCK_ALONE, order_id=order_id)
        if row is None:
            return None
        if rows := await db.fetch(statements.LOCK, order_id=order_id):
            return _reservation(order_id, rows[0], stock_of(rows))
        return _reservation(order_id, row, Stock({}, []))

    async def lock_stage(self, order_id: UUID) -> Stage | None:
        row = await db.fetch_row(statements.LOCK_ALONE, order_id=order_id)
        return _stage(row) if row else None

    async def add(self, stock: Stock, new: NewReservation) -> Reserved | None:
        rows = await db.fetch(statements.ADD, **_new(stock, new))
        return _reserved(new.order_id, rows) if rows else None

    async def replace(self, stock: Stock, new: NewReservation) -> Reserved:
        await db.execute(statements.CLEAR, order_id=new.order_id)
        return _reserved(new.order_id, await db.fetch(statements.REPLACE, **_new(stock, new)))

    async def bar(self, order_id: UUID, attempt: int) -> bool:
        return await db.execute(statements.BAR, order_id=order_id, attempt=attempt) == 1

    async def bar_later(self, order_id: UUID, attempt: int) -> None:
        await db.execute(statements.CLEAR, order_id=order_id)
        await db.execute(statements.BAR_LATER, order_id=order_id, attempt=attempt)

    async def commit_held(self, order_id: UUID) -> None:
        await db.execute(statements.COMMIT_HELD, order_id=order_id)

    async def commit_anew(self, order_id: UUID, promise: Promise) -> Sequence[WaitingLine]:
        waiting = [{"line_id": demand.line_id, "quantity": demand.quantity} for demand in promise.waiting]
        holds = _holds(promise.allocations)
        rows = await db.fetch(statements.COMMIT_ANEW, order_id=order_id, holds=holds, waiting=_json(waiting))
        return [WaitingLine(**row) for row in rows]

    async def end(self, order_id: UUID, state: ReservationState) -> Ended:
        rows = await db.fetch(statements.END, order_id=order_id, state=state)
        unwaited = [row for row in rows if not row["warehouse_id"]]
        return Ended(
            held=[(row["variant_id"], row["warehouse_id"], row["quantity"]) for row in rows if row["warehouse_id"]],
            waited=[(row["variant_id"], row["quantity"]) for row in unwaited],
            lines=[WaitingLine(order_id, row["line_id"], row["variant_id"], 0, row["version"]) for row in unwaited],
        )

    async def demands(self, order_id: UUID) -> Sequence[Demand]:
        return [Demand(**row) for row in await db.fetch(statements.DEMANDS, order_id=order_id)]

    async def sold_lines(self, order_id: UUID) -> Sequence[SoldLine]:
        return [SoldLine(**row) for row in await db.fetch(statements.SOLD_LINES, order_id=order_id)]

    async def sold_holds(self, order_id: UUID) -> Sequence[SoldHold]:
        return [SoldHold(**row) for row in await db.fetch(statements.SOLD_HOLDS, order_id=order_id)]

    async def record_return(self, order_id: UUID, coming: Return) -> Sequence[WaitingLine]:
        restocked = [
            {"hold_id": hold.hold_id, "line_id": hold.line_id, "quantity": units} for hold, units in coming.restocked
        ]
        unwaited = _unwaited(coming.unwaited)
        rows = await db.fetch(statements.RETURN, order_id=order_id, restocked=_json(restocked), unwaited=unwaited)
        return [WaitingLine(**row) for row in rows if row["version"] is not None]

    async def record_drop(self, order_id: UUID, dropped: Sequence[Unwaited]) -> Sequence[WaitingLine]:
        rows = await db.fetch(statements.DROP, order_id=order_id, dropped=_unwaited(dropped))
        return [WaitingLine(**row) for row in rows]

    async def waiting_for(self, variant_ids: Sequence[UUID]) -> Sequence[Waiting]:
        return [Waiting(**row) for row in await db.fetch(statements.WAITING_FOR, variant_ids=variant_ids)]

    async def allocate(self, arrivals: Sequence[Arrival]) -> Sequence[WaitingLine]:
        return [WaitingLine(**row) for row in await db.fetch(statements.ALLOCATE, arrivals=_arrivals(arrivals))]

    async def waiting_lines(self, order_id: UUID) -> Sequence[WaitingLine]:
        return [WaitingLine(**row) for row in await db.fetch(statements.WAITING_LINES, order_id=order_id)]


def _reservation(order_id: UUID, row: asyncpg.Record, stock: Stock) -> Reservation:
    return Reservation(order_id, _stage(row), row["is_overdue"], stock)


def _stage(row: asyncpg.Record) -> Stage:
    return Stage(row["attempt"], ReservationState(row["state"]))


def _new(stock: Stock, new: NewReservation) -> dict[str, Any]:
    """What ``ADD`` and ``REPLACE`` take."""
    waiting = {demand.line_id: demand.quantity for demand in new.promise.waiting}
    lines = [
        {
            "line_id": demand.line_id,
            "variant_id": demand.variant_id,
            "quantity": demand.quantity,
            "waiting": waiting.get(demand.line_id, 0),
        }
        for demand in new.demands
    ]
    return {
        **parameters(stock, new.change),
        "order_id": new.order_id,
        "attempt": new.attempt,
        "ttl_seconds": new.ttl_seconds,
        "lines": _json(lines),
        "holds": _holds(new.promise.allocations),
    }


def _reserved(order_id: UUID, rows: Sequence[asyncpg.Record]) -> Reserved:
    waiting = [
        WaitingLine(order_id, row["line_id"], row["variant_id"], row["waiting"], row["version"])
        for row in rows
        if row["waiting"]
    ]
    return Reserved(rows[0]["expires_at"], waiting)


def _holds(allocations: Iterable[Allocation]) -> str:
    holds = [
        {
            "line_id": allocation.line_id,
            "variant_id": allocation.variant_id,
            "warehouse_id": allocation.warehouse_id,
            "quantity": allocation.quantity,
        }
        for allocation in allocations
    ]
    return _json(holds)


def _arrivals(arrivals: Iterable[Arrival]) -> str:
    units = [
        {
            "order_id": arrival.waiting.order_id,
            "line_id": arrival.waiting.line_id,
            "variant_id": arrival.waiting.variant_id,
            "warehouse_id": arrival.warehouse_id,
            "quantity": arrival.quantity,
        }
        for arrival in arrivals
    ]
    return _json(units)


def _unwaited(lines: Sequence[Unwaited]) -> str:
    return _json([{"line_id": its.line_id, "quantity": its.quantity} for its in lines])


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return dumps(rows).decode()
