"""Reads of refunds, of history, and of what requires intervention:
each for all orders of an answer in one statement.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.refund import RefundSource, RefundStatus, can_be_refunded
from subgraphs.orders.domain.undertaking import owed_minor
from subgraphs.orders.infrastructure.rows import holds_of, refundables_of, undertakings_of
from subgraphs.orders.queries.attention import Stopped, attention, attention_to_ended, attention_to_hold


@dataclass(frozen=True, slots=True)
class RefundLineView:
    """A line of a refund as the SDL has it."""

    line_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as the SDL has it."""

    id: UUID
    status: RefundStatus
    amount: Money
    reason: str
    failure: str | None
    lines: Sequence[RefundLineView]
    restock: bool
    source: RefundSource
    paid_outside: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StatusChangeView:
    """A status transition of an order as the SDL has it."""

    from_status: OrderStatus | None
    to_status: OrderStatus
    reason: str
    actor: Actor
    at: datetime


_REFUNDS = """
SELECT refund.*, placed.currency, (
  SELECT coalesce(json_agg(part ORDER BY part.id), '[]') FROM refund_lines AS part WHERE part.refund_id = refund.id
) AS lines
FROM refunds AS refund JOIN orders AS placed ON placed.id = refund.order_id
WHERE refund.order_id = ANY($1::uuid[]) ORDER BY refund.created_at, refund.id
"""

_REFUNDED_QUANTITIES = """
SELECT refund.order_id, part.line_id, sum(part.quantity) AS quantity
FROM refunds AS refund JOIN refund_lines AS part ON part.refund_id = refund.id
WHERE refund.order_id = ANY($1::uuid[]) AND (refund.status = 'DONE' OR refund.times_back > 0)
GROUP BY refund.order_id, part.line_id
"""

_HISTORY = """
SELECT order_id, from_status, to_status, reason, actor, changed_at FROM order_status_history
WHERE order_id = ANY($1::uuid[]) ORDER BY id
"""

_STUCK = """
SELECT saga.order_id, saga.kind, saga.stuck_step, saga.last_error, coalesce(refund.is_owed, false) AS is_owed
FROM sagas AS saga LEFT JOIN refunds AS refund ON refund.id = saga.id
WHERE saga.order_id = ANY($1::uuid[]) AND saga.step = 'STUCK' ORDER BY saga.id
"""

_STATUSES = "SELECT id, status FROM orders WHERE id = ANY($1::uuid[])"

_UNPAYABLE = f"""
SELECT id, authorization_ended FROM orders
WHERE id = ANY($1::uuid[]) AND authorization_ended IS NOT NULL AND captured_at IS NULL
  AND status = '{OrderStatus.CONFIRMED}'
"""  # noqa: S608 - constants


async def refunds_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[RefundView]]:
    """The refunds of some orders, oldest first."""
    found: defaultdict[UUID, list[RefundView]] = defaultdict(list)
    for row in await db.fetch(_REFUNDS, order_ids):
        found[row["order_id"]].append(_refund(row))
    return found


async def refunded_quantities_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UUID, int]]:
    """How many units of each line were refunded, of those orders that have such lines."""
    found: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    for row in await db.fetch(_REFUNDED_QUANTITIES, order_ids):
        found[row["order_id"]][row["line_id"]] = row["quantity"]
    return found


async def history_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[StatusChangeView]]:
    """The status transitions of some orders, oldest first."""
    found: defaultdict[UUID, list[StatusChangeView]] = defaultdict(list)
    for row in await db.fetch(_HISTORY, order_ids):
        found[row["order_id"]].append(_change(row))
    return found


async def attention_of(order_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """What a person has to look at, of those orders that need one."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    stuck = await db.fetch(_STUCK, order_ids)
    refundables = await refundables_of([row["order_id"] for row in stuck]) if stuck else {}
    holds = await holds_of(order_ids)
    for row in stuck:
        order = refundables[row["order_id"]]
        stopped = Stopped(Kind(row["kind"]), Step(row["stuck_step"]), row["is_owed"])
        found[row["order_id"]].append(attention(stopped, row["last_error"], can_be_refunded(order), order))
    for row in await db.fetch(_UNPAYABLE, order_ids):
        found[row["id"]].append(attention_to_ended(row["authorization_ended"]))
    for row in await db.fetch(_STATUSES, [*holds]) if holds else ():
        found[row["id"]].append(attention_to_hold(holds[row["id"]], OrderStatus(row["status"])))
    return {order_id: " ".join(sentences) for order_id, sentences in found.items()}


async def owed_of(order_ids: Sequence[UUID]) -> Mapping[UUID, Money]:
    """What was rejected and is owed, of those orders of which something was."""
    undertakings = await undertakings_of(order_ids)
    refundables = await refundables_of([*undertakings]) if undertakings else {}
    owed = {order_id: owed_minor(undertakings[order_id], order) for order_id, order in refundables.items()}
    return {
        order_id: Money(minor, refundables[order_id].currency) for order_id, minor in owed.items() if minor is not None
    }


def _refund(row: asyncpg.Record) -> RefundView:
    lines: Sequence[Mapping[str, Any]] = orjson.loads(row["lines"])
    return RefundView(
        id=row["id"],
        status=RefundStatus(row["status"]),
        amount=Money(row["amount_minor"], row["currency"]),
        reason=row["reason"],
        failure=row["failure"],
        lines=[RefundLineView(UUID(line["line_id"]), line["quantity"]) for line in lines],
        restock=row["is_restocking"],
        source=RefundSource(row["source"]),
        paid_outside=row["paid_outside"],
        created_at=row["created_at"],
    )


def _change(row: asyncpg.Record) -> StatusChangeView:
    before = OrderStatus(row["from_status"]) if row["from_status"] else None
    return StatusChangeView(
        before, OrderStatus(row["to_status"]), row["reason"], Actor(row["actor"]), row["changed_at"]
    )
