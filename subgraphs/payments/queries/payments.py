"""Reads of payments, batched. Each is one statement, movements included."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.money import Money
from shared.persistence import db
from subgraphs.payments.domain.ledger import MovementKind
from subgraphs.payments.domain.provider import DisputeOutcome
from subgraphs.payments.domain.status import PaymentStatus
from subgraphs.payments.queries.attention import attention

# Disputes come as one value before the movements multiply the rows.
_SELECT = (
    "SELECT payment.held_minor > 0 OR payment.captured_minor"
    " > payment.refunded_minor + payment.disputed_minor + payment.paid_outside_minor AS has_money,"
    " payment.id, payment.order_id, payment.provider, payment.status, payment.amount_minor, payment.currency,"
    " payment.decline_code, payment.created_at, payment.action_client_secret,"
    " payment.action_redirect_url,"
    " movement.id AS movement_id, movement.kind, movement.amount_minor AS moved_minor,"
    " movement.created_at AS moved_at, disputed.disputes,"
    " payment.customer_id = ANY($2::uuid[]) OR account.user_id = ANY($2::uuid[]) AS is_buyer"
    " FROM payments AS payment LEFT JOIN order_accounts AS account ON account.order_id = payment.order_id"
    " LEFT JOIN LATERAL"
    " (SELECT json_agg(dispute ORDER BY dispute.created_at, dispute.id) AS disputes FROM disputes AS dispute"
    " WHERE dispute.payment_id = payment.id) AS disputed ON true"
    " LEFT JOIN movements AS movement ON movement.payment_id = payment.id"
)
# Those of nothing only bar their order from being authorized.
_VISIBLE = (
    " AND ($3 OR payment.customer_id = ANY($2::uuid[]) OR account.user_id = ANY($2::uuid[]))"
    " AND payment.amount_minor > 0"
)
_DISPUTE_STATUS = {DisputeOutcome.OPENED: "OPEN", DisputeOutcome.WON: "WON", DisputeOutcome.LOST: "LOST"}
_ORDER = " ORDER BY payment.created_at, payment.id, movement.created_at, movement.id"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, as an account, a guest or both: staff sees everybody's payments, but nobody else's way to act.
    ``configured`` are the providers there are.
    """

    ids: Sequence[UUID]
    is_staff: bool
    configured: Container[str]


@dataclass(frozen=True, slots=True)
class ActionView:
    """What the buyer has to do, as the SDL has it."""

    client_secret: str | None
    redirect_url: str | None


@dataclass(frozen=True, slots=True)
class TransactionView:
    """A movement of money as the SDL has it."""

    id: UUID
    kind: MovementKind
    amount: Money
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as the SDL has it."""

    id: UUID
    status: str
    amount: Money
    reason: str
    evidence_due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment as the SDL has it."""

    id: UUID
    provider: str
    status: PaymentStatus
    amount: Money
    decline_code: str | None
    action: ActionView | None
    transactions: Sequence[TransactionView]
    disputes: Sequence[DisputeView]
    attention: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPayments:
    """The part of an ``Order`` that payments contributes."""

    id: UUID
    payments: Sequence[PaymentView]


async def payments_by_order(order_ids: Sequence[UUID], viewer: Viewer) -> Mapping[UUID, OrderPayments]:
    """The payments of each of the orders that the viewer may see."""
    rows = await db.fetch(
        f"{_SELECT} WHERE payment.order_id = ANY($1::uuid[]) {_VISIBLE} {_ORDER}",
        order_ids,
        viewer.ids,
        viewer.is_staff,
    )
    payments: defaultdict[UUID, list[PaymentView]] = defaultdict(list)
    for order_id, payment in _payments(rows, viewer):
        payments[order_id].append(payment)
    return {order_id: OrderPayments(order_id, payments[order_id]) for order_id in order_ids}


async def payments_by_id(payment_ids: Sequence[UUID], viewer: Viewer) -> Mapping[UUID, PaymentView]:
    """Those of the payments that the viewer may see."""
    rows = await db.fetch(
        f"{_SELECT} WHERE payment.id = ANY($1::uuid[]) {_VISIBLE} {_ORDER}",
        payment_ids,
        viewer.ids,
        viewer.is_staff,
    )
    return {payment.id: payment for _, payment in _payments(rows, viewer)}


def _payments(rows: Iterable[asyncpg.Record], viewer: Viewer) -> Iterable[tuple[UUID, PaymentView]]:
    for _, of_payment in groupby(rows, key=lambda row: row["id"]):
        movements = list(of_payment)
        yield movements[0]["order_id"], _payment(movements, viewer)


def _payment(rows: Sequence[asyncpg.Record], viewer: Viewer) -> PaymentView:
    first = rows[0]
    status, disputes = PaymentStatus(first["status"]), orjson.loads(first["disputes"] or "[]")
    is_disputed = any(dispute["outcome"] == DisputeOutcome.OPENED for dispute in disputes)
    return PaymentView(
        id=first["id"],
        provider=first["provider"],
        status=status,
        amount=Money(first["amount_minor"], first["currency"]),
        decline_code=first["decline_code"],
        action=_action(first),
        transactions=[_transaction(row) for row in rows if row["movement_id"] is not None],
        disputes=[_dispute(dispute, first["currency"]) for dispute in disputes],
        attention=attention(
            status,
            first["provider"],
            first["provider"] in viewer.configured,
            first["has_money"],
            is_disputed=is_disputed,
        ),
        created_at=first["created_at"],
    )


def _action(row: asyncpg.Record) -> ActionView | None:
    action = ActionView(row["action_client_secret"], row["action_redirect_url"])
    return action if row["is_buyer"] and (action.client_secret or action.redirect_url) else None


def _transaction(row: asyncpg.Record) -> TransactionView:
    amount = Money(row["moved_minor"], row["currency"])
    return TransactionView(row["movement_id"], MovementKind(row["kind"]), amount, row["moved_at"])


def _dispute(fields: Mapping[str, Any], currency: str) -> DisputeView:
    return DisputeView(
        id=UUID(fields["id"]),
        status=_DISPUTE_STATUS[DisputeOutcome(fields["outcome"])],
        amount=Money(fields["amount_minor"], currency),
        reason=fields["reason"],
        evidence_due_at=_moment(fields["evidence_due_at"]),
        opened_at=datetime.fromisoformat(fields["created_at"]),
        closed_at=_moment(fields["closed_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
