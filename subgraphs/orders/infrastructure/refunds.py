"""Refunds in Postgres. Whoever writes one has locked its order's row."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.orders.domain.order import Order
from subgraphs.orders.domain.refund import (
    GivenRefund,
    Refund,
    Refundable,
    RefundSource,
    RefundStatus,
    cancellation_id,
)
from subgraphs.orders.domain.units import Units
from subgraphs.orders.infrastructure import refund_statements as statements
from subgraphs.orders.infrastructure.rows import refundables_of
from subgraphs.orders.infrastructure.stored import units_of


class PostgresRefunds:
    """The port Refunds, in the task's transaction."""

    async def refundable(self, order_id: UUID) -> Refundable:
        return (await refundables_of([order_id]))[order_id]

    async def add(self, refund: Refund, status: RefundStatus, user_id: UUID | None = None) -> None:
        await db.execute(
            statements.ADD,
            id=refund.id,
            order_id=refund.order_id,
            status=status,
            amount_minor=refund.amount_minor,
            reason=refund.reason,
            is_restocking=refund.is_restocking,
            source=refund.source,
            paid_outside=refund.paid_outside,
            user_id=user_id,
            **_unnested(refund.units),
        )

    async def by_id(self, refund_id: UUID) -> Refund | None:
        row = await db.fetch_row(statements.BY_ID, id=refund_id)
        return _refund(row) if row else None

    async def set_status(self, refund_id: UUID, status: RefundStatus, failure: str | None = None) -> None:
        await db.execute(statements.SET_STATUS, id=refund_id, status=status, failure=failure)

    async def settle_units(self, refund_id: UUID) -> bool:
        return bool(await db.fetch_value(statements.SETTLE_UNITS, id=refund_id))

    async def latest_without_units(self, order_id: UUID) -> UUID | None:
        found: UUID | None = await db.fetch_value(statements.LATEST_WITHOUT_UNITS, order_id=order_id)
        return found

    async def restock_with(self, refund_id: UUID, units: Sequence[Units]) -> None:
        await db.execute(statements.RESTOCK_WITH, id=refund_id, **_unnested(units))

    async def add_units(self, refund_id: UUID, units: Sequence[Units]) -> None:
        await db.execute(statements.ADD_UNITS, id=refund_id, **_unnested(units))

    async def units_to_return(self, order_id: UUID) -> Sequence[Units]:
        rows = await db.fetch(statements.UNITS_TO_RETURN, order_id=order_id)
        return [Units(row["id"], row["units"]) for row in rows if row["units"] > 0]

    async def rejected(self, order_id: UUID) -> Sequence[Refund]:
        return await self._all(statements.REJECTED, order_id)

    async def rejected_by_provider(self, order_id: UUID) -> Sequence[Refund]:
        return await self._all(statements.REJECTED_BY_PROVIDER, order_id)

    async def keeping_units_out(self, order_id: UUID) -> Sequence[Refund]:
        return await self._all(statements.KEEPING_UNITS_OUT, order_id)

    async def _all(self, statement: str, order_id: UUID) -> Sequence[Refund]:
        found = [await self.by_id(row["id"]) for row in await db.fetch(statement, order_id=order_id)]
        return [refund for refund in found if refund]

    async def end_rejected(self, refunds: Sequence[Refund]) -> None:
        await db.execute(statements.END_REJECTED, ids=[refund.id for refund in refunds])

    async def end_keeping_units_out(self, refund: Refund) -> None:
        await db.execute(statements.END_KEEPING_UNITS_OUT, id=refund.id)

    async def end_for_cancellation(self, order_id: UUID) -> None:
        await db.execute(statements.END_FOR_CANCELLATION, order_id=order_id)

    async def end_open(self, order_id: UUID) -> None:
        await db.execute(statements.END_OPEN, order_id=order_id)

    async def of_key(self, order: Order, asked: UUID, amount_minor: int, reason: str) -> GivenRefund | None:
        found = await self._of_id(order.id, asked)
        refund_id = cancellation_id(order.id, order.attempt) if asked == order.id else asked
        if found is None and asked == order.id:
            undoing = await self._of_id(order.id, refund_id)
            found = undoing or await self.of_source(order.id, RefundSource.CANCELLATION, amount_minor)
        if found is not None or not await db.fetch_value(statements.IS_A_SAGA, id=asked):
            return found
        its = {"id": refund_id, "order_id": order.id, "amount_minor": amount_minor}
        await db.execute(statements.ADD_UNDOING, **its, reason=reason)
        return GivenRefund(refund_id, RefundStatus.PENDING, amount_minor)

    async def _of_id(self, order_id: UUID, refund_id: UUID) -> GivenRefund | None:
        return _given(await db.fetch_row(statements.OF_KEY, order_id=order_id, id=refund_id))

    async def of_source(self, order_id: UUID, source: RefundSource, amount_minor: int) -> GivenRefund | None:
        its = {"order_id": order_id, "source": source, "amount_minor": amount_minor}
        return _given(await db.fetch_row(statements.OF_SOURCE, **its))

    async def split(self, refund: GivenRefund, amount_minor: int) -> GivenRefund:
        part_id = new_id()
        await db.execute(statements.SPLIT, id=refund.id, part_id=part_id, amount_minor=amount_minor)
        return replace(refund, id=part_id, amount_minor=amount_minor)

    async def record_returned(self, refund_id: UUID, failure: str, *, is_owed: bool) -> None:
        await db.execute(statements.RECORD_RETURNED, id=refund_id, failure=failure, is_owed=is_owed)

    async def has_units(self, refund_id: UUID) -> bool:
        return bool(await db.fetch_value(statements.HAS_UNITS, id=refund_id))

    async def failure(self, refund_id: UUID) -> str:
        failure: str | None = await db.fetch_value(statements.FAILURE, id=refund_id)
        return failure or "It came back."


def _refund(row: asyncpg.Record) -> Refund:
    return Refund(
        id=row["id"],
        order_id=row["order_id"],
        amount_minor=row["amount_minor"],
        reason=row["reason"],
        is_restocking=row["is_restocking"],
        units=units_of(row["lines"]),
        source=RefundSource(row["source"]),
        times_back=row["times_back"],
        has_settled_units=row["pieces_settled_at"] is not None,
        paid_outside=row["paid_outside"],
    )


def _given(row: asyncpg.Record | None) -> GivenRefund | None:
    return GivenRefund(row["id"], RefundStatus(row["status"]), row["amount_minor"]) if row else None


def _unnested(units: Sequence[Units]) -> dict[str, list[UUID] | list[int]]:
    return {"line_ids": [its.line_id for its in units], "quantities": [its.quantity for its in units]}
