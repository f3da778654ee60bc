"""Orders in Postgres. Whoever changes one has locked its row, or asks for a status in the statement."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from shared.email import comparable
from shared.json import dumps
from shared.persistence import db, outbox
from shared.persistence.sql import values_of
from shared.telemetry.context import propagation_headers
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.events import order_placed, order_reopened
from subgraphs.orders.domain.fulfilment import Saga
from subgraphs.orders.domain.order import Cause, Order, OrderStatus, PlacedOrder, statuses_before
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.domain.standing import LineStanding, Standing
from subgraphs.orders.domain.transition import StatusTransition, Transitioned
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import StillToCome, WaitingUnits
from subgraphs.orders.infrastructure import order_statements as statements
from subgraphs.orders.infrastructure import reopening_statements as reopening
from subgraphs.orders.infrastructure.rows import payables_of, placed_orders, still_to_come_of
from subgraphs.orders.infrastructure.saga_statements import IS_DECISIVE
from subgraphs.orders.infrastructure.sagas import advanced
from subgraphs.orders.infrastructure.stored import stored, stored_address


class PostgresOrders:
    """The port Orders, in the task's transaction."""

    async def place(self, order: PlacedOrder, checkout: Checkout, deadline_seconds: float) -> bool:
        placed = await db.fetch_row(
            statements.PLACE,
            **_placed(order),
            **values_of(checkout.address),
            billing_address=stored_address(checkout.billing_address),
            cart_id=checkout.cart_id,
            payment_method_id=checkout.payment_method_id,
            deadline_seconds=deadline_seconds,
            trace=_trace(),
            events=outbox.as_json([order_placed(order)]),
        )
        return placed is not None

    async def lock(self, order_id: UUID) -> Order | None:
        row = await db.fetch_row(statements.LOCK, order_id=order_id)
        return Order(**{**row, "status": OrderStatus(row["status"])}) if row else None

    async def placed(self, order_id: UUID) -> PlacedOrder:
        (order,) = await placed_orders([order_id])
        return order

    async def set_status(self, order: Order, status: OrderStatus, cause: Cause) -> Order:
        after = order.with_status(status)
        await db.execute(statements.SET_STATUS, order_id=order.id, status=status)
        await self._note(order.id, order.status, status, cause)
        return after

    async def note(self, order: Order, cause: Cause) -> None:
        await self._note(order.id, order.status, order.status, cause)

    async def _note(self, order_id: UUID, before: OrderStatus, after: OrderStatus, cause: Cause) -> None:
        await db.execute(statements.NOTE, order_id=order_id, before=before, after=after, **values_of(cause))

    async def transition(self, saga: Saga, to: StatusTransition, lease_seconds: float) -> Transitioned | None:
        row = await _transition(saga, to, lease_seconds)
        if row is None:
            await _check_status(saga, to.status)
            return None
        return Transitioned(advanced(saga, row), row["placed_at"], row["updated_at"])

    async def request_cancellation(self, order: Order, cancellation: Cancellation, cause: Cause) -> None:
        reason = stored(cancellation)
        await db.execute(
            statements.REQUEST_CANCELLATION,
            order_id=order.id,
            before=order.status,
            cancellation=reason,
            **values_of(cause),
        )

    async def show_cancellation(self, order_id: UUID) -> None:
        await db.execute(statements.SHOW_CANCELLATION, order_id=order_id)

    async def record_capture(self, order_id: UUID) -> None:
        await db.execute(statements.RECORD_CAPTURE, order_id=order_id)

    async def end_authorization(self, order_id: UUID, reason: str) -> None:
        await db.execute(statements.END_AUTHORIZATION, order_id=order_id, reason=reason)

    async def add_refunded(self, refund_id: UUID) -> datetime:
        given_at: datetime = await db.fetch_value(statements.ADD_REFUNDED, refund_id=refund_id)
        return given_at

    async def subtract_refunded(self, order_id: UUID, amount_minor: int) -> None:
        await db.execute(statements.SUBTRACT_REFUNDED, order_id=order_id, amount_minor=amount_minor)

    async def touch(self, order_id: UUID) -> datetime:
        changed_at: datetime = await db.fetch_value(statements.TOUCH, order_id=order_id)
        return changed_at

    async def standing(self, order_id: UUID) -> Standing:
        rows = await db.fetch(statements.LINES_STANDING, order_id=order_id)
        lines = [LineStanding(row["ordered"], row["shipped"], row["refunded"]) for row in rows]
        row = await db.fetch_row(statements.STANDING, order_id=order_id)
        assert row is not None
        is_all_refunded = (
            all(line.refunded == line.ordered for line in lines) if row["is_free"] else row["is_all_refunded"]
        )
        return Standing(lines, row["is_on_its_way"], is_all_refunded)

    async def units_here(self, order_id: UUID) -> Sequence[Units]:
        rows = await db.fetch(statements.LINES_STANDING, order_id=order_id)
        here = [Units(row["id"], row["ordered"] - row["shipped"] - row["refunded"] - row["kept_out"]) for row in rows]
        return [units for units in here if units.quantity > 0]

    async def units_waited_for_in_vain(self, order_id: UUID, refund_id: UUID) -> Sequence[Units]:
        rows = await db.fetch(statements.WAITED_FOR, order_id=order_id, refund_id=refund_id)
        waiting = {row["id"]: row["waiting"] for row in rows}
        here = await self.units_here(order_id)
        in_vain = [Units(units.line_id, min(units.quantity, waiting.get(units.line_id, 0))) for units in here]
        return [units for units in in_vain if units.quantity > 0]

    async def save_waiting(self, order_id: UUID, waiting: Sequence[WaitingUnits]) -> None:
        if not waiting:
            return
        await db.execute(
            statements.SAVE_WAITING,
            order_id=order_id,
            line_ids=[its.line_id for its in waiting],
            quantities=[its.quantity for its in waiting],
            versions=[its.version for its in waiting],
        )

    async def still_to_come(self, order_id: UUID) -> Sequence[StillToCome]:
        return [*(await still_to_come_of([order_id])).get(order_id, {}).values()]

    async def payable(self, order_id: UUID) -> Payable:
        await db.execute(reopening.LOCK_CART, order_id=order_id)
        return (await payables_of([order_id]))[order_id]

    async def reopen(self, order: PlacedOrder, payment_method_id: str, deadline_seconds: float) -> None:
        await db.execute(
            reopening.REOPEN,
            order_id=order.id,
            payment_method_id=payment_method_id,
            deadline_seconds=deadline_seconds,
            trace=_trace(),
            events=outbox.as_json([order_reopened(replace(order, attempt=order.attempt + 1))]),
        )

    async def guests_within_an_hour(self, email: str) -> int:
        await db.execute(statements.LOCK_ADDRESS, guests_of=statements.GUESTS_OF, email=email)
        count: int = await db.fetch_value(statements.GUESTS_WITHIN_AN_HOUR, email=email)
        return count

    async def attach_guests(self, email: str, user_id: UUID, most: int) -> Sequence[UUID]:
        rows = await db.fetch(statements.ATTACH_GUESTS, email=email, user_id=user_id, most=most)
        return sorted((row["id"] for row in rows), reverse=True)


def _placed(order: PlacedOrder) -> dict[str, Any]:
    frozen = values_of(order)
    del frozen["lines"], frozen["attempt"], frozen["guest"]
    return {
        **frozen,
        "comparable_email": comparable(order.email),
        "guest_id": order.guest.id if order.guest else None,
        "token_expires_at": order.guest.token_expires_at if order.guest else None,
        "line_ids": [line.id for line in order.lines],
        "variant_ids": [line.variant_id for line in order.lines],
        "titles": [line.title for line in order.lines],
        "skus": [line.sku for line in order.lines],
        "quantities": [line.quantity for line in order.lines],
        "prices": [line.unit_price_minor for line in order.lines],
    }


async def _transition(saga: Saga, to: StatusTransition, lease_seconds: float) -> asyncpg.Record | None:
    lifetime = to.reopened_for
    days = {"anonymous_days": lifetime.anonymous_days, "owned_days": lifetime.owned_days} if lifetime else {}
    return await db.fetch_row(
        statements.COME_TO_NOTHING if lifetime else statements.TRANSITION,
        order_id=saga.order.id,
        saga_id=saga.id,
        fence=saga.fence,
        is_cancel_requested=saga.is_cancel_requested,
        step=to.step,
        cancellation=stored(to.cancellation),
        due_seconds=_due_seconds(to, lease_seconds),
        keeps_lease=not to.is_end and to.pause_seconds is None,
        deadline_seconds=to.deadline_seconds,
        status=to.status,
        statuses_before=statuses_before(to.status),
        reason=to.reason,
        is_capture=to.is_capture,
        events=outbox.as_json([to.event] if to.event else []),
        **days,
    )


def _due_seconds(to: StatusTransition, lease_seconds: float) -> float | None:
    if to.is_end:
        return None
    return lease_seconds if to.pause_seconds is None else to.pause_seconds


async def _check_status(saga: Saga, status: OrderStatus) -> None:
    is_decisive = await db.fetch_value(
        IS_DECISIVE, saga_id=saga.id, fence=saga.fence, is_cancel_requested=saga.is_cancel_requested
    )
    if is_decisive:
        raise RuntimeError(f"order {saga.order.id} can't become {status}")


def _trace() -> str:
    return dumps(propagation_headers()).decode()
