"""Sagas in Postgres: who works on which, and what is recorded of them."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg
import orjson

from shared.json import dumps
from shared.persistence import db
from shared.telemetry.context import propagation_headers
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.fulfilment import FIRST_STEPS, Kind, Saga, Settlement, Step, turned
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.infrastructure import saga_statements as statements
from subgraphs.orders.infrastructure.refund_statements import ASK_AGAIN, RESUME_STUCK, SETTLE
from subgraphs.orders.infrastructure.rows import undertakings_of
from subgraphs.orders.infrastructure.stored import cancellation_of, placed_order_of, stored


class PostgresSagas:
    """The port Sagas, in the task's transaction or each statement by itself."""

    async def claim_due(self, worker: str, limit: int, lease_seconds: float) -> Sequence[Saga]:
        rows = await db.fetch(statements.CLAIM_DUE, worker=worker, limit=limit, lease_seconds=lease_seconds)
        return [_saga(row) for row in rows]

    async def advance(
        self, saga: Saga, step: Step, cancellation: Cancellation | None, lease_seconds: float
    ) -> Saga | None:
        row = await db.fetch_row(
            statements.ADVANCE,
            id=saga.id,
            fence=saga.fence,
            step=step,
            turned=turned(step),
            cancellation=stored(cancellation),
            lease_seconds=lease_seconds,
        )
        return advanced(saga, row) if row is not None else None

    async def postpone(self, saga: Saga, pause_seconds: float, error: str | None) -> bool:
        its = {"id": saga.id, "fence": saga.fence}
        return await db.execute(statements.POSTPONE, **its, pause_seconds=pause_seconds, error=error) == 1

    async def finish(self, saga: Saga, step: Step) -> bool:
        return await db.execute(statements.FINISH, id=saga.id, fence=saga.fence, step=step) == 1

    async def park(self, saga: Saga, error: str) -> bool:
        return await db.execute(statements.PARK, id=saga.id, fence=saga.fence, step=Step.STUCK, error=error) == 1

    async def start(self, saga_id: UUID, kind: Kind, order_id: UUID) -> None:
        await _start(statements.START, saga_id, kind, order_id, FIRST_STEPS[kind])

    async def restart(self, saga_id: UUID, kind: Kind, order_id: UUID, step: Step) -> None:
        await _start(statements.RESTART, saga_id, kind, order_id, step)

    async def leave_owed(self, refund_id: UUID, order_id: UUID, error: str) -> None:
        await db.execute(statements.LEAVE_OWED, id=refund_id, order_id=order_id, error=error, trace=_trace())

    async def is_open(self, saga_id: UUID) -> bool:
        return bool(await db.fetch_value(statements.IS_OPEN, id=saga_id))

    async def wake(self, order_id: UUID) -> None:
        await db.execute(statements.WAKE, order_id=order_id)

    async def undertakings(self, order_id: UUID) -> Sequence[Undertaking]:
        return (await undertakings_of([order_id])).get(order_id, ())

    async def resume_stuck(self, order_id: UUID) -> Sequence[str]:
        return [row["what"] for row in await db.fetch(RESUME_STUCK, order_id=order_id)]

    async def ask_again(self, order_id: UUID) -> None:
        await db.execute(ASK_AGAIN, order_id=order_id)

    async def settle(self, order_id: UUID, settlement: Settlement, instead: Sequence[UUID]) -> None:
        paid = {"paid_minor": settlement.paid_minor, "paid_outside": settlement.paid_outside}
        await db.execute(SETTLE, order_id=order_id, instead=instead, **paid)

    async def resume_without_money(self, order_id: UUID) -> None:
        await db.execute(statements.RESUME_WITHOUT_MONEY, order_id=order_id)


def advanced(saga: Saga, row: asyncpg.Record) -> Saga:
    """A saga at its next step, as it was recorded."""
    return replace(
        saga,
        step=Step(row["step"]),
        attempts=1,
        cancellation=cancellation_of(row["cancellation"]),
        is_cancel_requested=row["is_cancel_requested"],
        is_overdue=row["is_overdue"],
        settlement=_settlement(row),
    )


async def _start(statement: str, saga_id: UUID, kind: Kind, order_id: UUID, step: Step) -> None:
    await db.execute(statement, id=saga_id, kind=kind, order_id=order_id, step=step, trace=_trace())


def _saga(row: asyncpg.Record) -> Saga:
    return Saga(
        id=row["id"],
        kind=Kind(row["kind"]),
        order=placed_order_of(row, row["order_id"]),
        step=Step(row["step"]),
        attempts=row["attempts"],
        fence=row["fence"],
        is_overdue=row["is_overdue"],
        payment_method_id=row["payment_method_id"] or "",
        cancellation=cancellation_of(row["cancellation"]),
        is_cancel_requested=row["is_cancel_requested"],
        trace=orjson.loads(row["trace"]),
        settlement=_settlement(row),
    )


def _settlement(row: asyncpg.Record) -> Settlement | None:
    return Settlement(row["paid_minor"], row["paid_outside"]) if row["paid_outside"] is not None else None


def _trace() -> str:
    return dumps(propagation_headers()).decode()
