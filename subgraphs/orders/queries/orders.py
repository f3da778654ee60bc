"""Reads of orders: an order and its lines are one statement, as are a hundred of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.errors import BadUserInput
from shared.graphql.pagination import Connection, PageRequest, connection
from shared.ids import try_parse_id
from shared.money import Money
from shared.persistence import db
from shared.postal.address import PostalAddress
from subgraphs.orders.domain.guest import Guest
from subgraphs.orders.domain.order import OrderStatus, Person
from subgraphs.orders.domain.references import ProductVariant, User
from subgraphs.orders.infrastructure.rows import holds_of, still_to_come_of
from subgraphs.orders.queries.actions import actions_of
from subgraphs.orders.queries.order_details import attention_of, history_of, owed_of, refunded_quantities_of, refunds_of
from subgraphs.orders.queries.related import Related
from subgraphs.orders.queries.shipments import shipments_of, shipped_quantities_of


class Details:
    """What is read of some orders when it is asked for."""

    def __init__(self, order_ids: Sequence[UUID]) -> None:
        self.refunds = Related(order_ids, refunds_of)
        self.refunded_quantities = Related(order_ids, refunded_quantities_of)
        self.history = Related(order_ids, history_of)
        self.attention = Related(order_ids, attention_of)
        self.owed = Related(order_ids, owed_of)
        self.shipments = Related(order_ids, shipments_of)
        self.shipped_quantities = Related(order_ids, shipped_quantities_of)
        self.holds = Related(order_ids, holds_of)
        self.actions = Related(order_ids, actions_of)
        self.still_to_come = Related(order_ids, still_to_come_of)


@dataclass(frozen=True, slots=True)
class OrderLineView:
    """A line as the SDL has it."""

    details: Details
    order_id: UUID
    id: UUID
    variant: ProductVariant
    title: str
    sku: str
    quantity: int
    unit_price: Money
    may_wait: bool

    @property
    def total(self) -> Money:
        """What the line cost."""
        return self.unit_price.times(self.quantity)


@dataclass(frozen=True, slots=True)
class CancellationView:
    """Why an order was cancelled, as the SDL has it."""

    code: str
    message: str
    line_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as the SDL has it."""

    details: Details
    id: UUID
    number: str
    status: OrderStatus
    cancellation: CancellationView | None
    lines: Sequence[OrderLineView]
    total: Money
    refunded: Money
    shipping_address: PostalAddress
    billing_address: PostalAddress
    email: str
    customer: User | None
    guest: Guest | None
    placed_at: datetime
    updated_at: datetime


ORDER_COLUMNS = """
SELECT placed.*, line.id AS line_id, line.variant_id, line.title, line.sku, line.quantity, line.unit_price_minor,
  line.waiting
"""
_ENDED = frozenset(
    {OrderStatus.CANCELLED, OrderStatus.REFUNDED}
)  # nothing of such an order is sent, whatever inventory told last
_BY_ID = f"""{ORDER_COLUMNS}
FROM orders AS placed JOIN order_lines AS line ON line.order_id = placed.id
WHERE placed.id = ANY(:ids::uuid[]) AND (
  :is_staff OR placed.customer_id = :user_id::uuid
  OR (placed.guest_id = :guest_id::uuid AND placed.token_expires_at > now())
)
ORDER BY placed.id, line.position
"""
_GUEST = "SELECT guest_id, token_expires_at FROM orders WHERE id = $1"
_OF_GUEST = "SELECT id FROM orders WHERE guest_id = $1"


_NEEDING_ATTENTION = f"""{ORDER_COLUMNS}
FROM (
  SELECT * FROM orders WHERE id IN (
    SELECT order_id FROM sagas WHERE step = 'STUCK' UNION SELECT order_id FROM disputes WHERE status = 'OPEN'
    UNION SELECT id FROM orders WHERE authorization_ended IS NOT NULL AND captured_at IS NULL
      AND status = '{OrderStatus.CONFIRMED}'
  ) AND ($1::uuid IS NULL OR id > $1)
  ORDER BY id LIMIT $2
) AS placed JOIN order_lines AS line ON line.order_id = placed.id
ORDER BY placed.id, line.position
"""  # noqa: S608 - constants


async def orders_seen_by(ids: Sequence[UUID], person: Person) -> Mapping[UUID, OrderView]:
    """Those of some orders that exist for this person."""
    rows = await db.fetch(_BY_ID, ids=ids, is_staff=person.is_staff, user_id=person.user_id, guest_id=person.guest_id)
    return {order.id: order for order in orders_of_rows(rows)}


async def guest_of(order_id: UUID) -> Guest | None:
    """Who holds an order's token; None when there is no such order, and when it never had one."""
    row = await db.fetch_row(_GUEST, order_id)
    return _guest(row) if row else None


async def order_of_guest(guest_id: UUID) -> OrderView | None:
    """The order that a token opens, by its holder; None when it opens none."""
    order_id: UUID | None = await db.fetch_value(_OF_GUEST, guest_id)
    if order_id is None:
        return None
    return (await orders_seen_by([order_id], Person(None, is_staff=False, guest_id=guest_id))).get(order_id)


async def orders_needing_attention(page: PageRequest) -> Connection[OrderView]:
    """A page of the orders that no rule can bring to an end, or that a bank thinks about, oldest first."""
    rows = await db.fetch(_NEEDING_ATTENTION, _last_id(page), page.limit)
    return connection(orders_of_rows(rows), page, lambda order: (str(order.id),))


def _last_id(page: PageRequest) -> UUID | None:
    if page.after is None:
        return None
    last = try_parse_id(page.after[0])
    if last is None:
        raise BadUserInput("after is no cursor of this list.", ("after",))
    return last


def orders_of_rows(rows: Sequence[asyncpg.Record]) -> list[OrderView]:
    """Orders from their rows, which have ``ORDER_COLUMNS``. Rows of one order follow each other, a row a line."""
    by_id = {order_id: list(its_rows) for order_id, its_rows in groupby(rows, key=lambda row: row["id"])}
    details = Details(list(by_id))
    return [_order(its_rows, details) for its_rows in by_id.values()]


def _order(rows: Sequence[asyncpg.Record], details: Details) -> OrderView:
    row = rows[0]
    shipping_address = _shipping_address(row)
    return OrderView(
        details=details,
        id=row["id"],
        number=row["number"],
        status=OrderStatus(row["status"]),
        cancellation=_cancellation(row["cancellation"]),
        lines=[_line(line, details) for line in rows],
        total=Money(row["total_minor"], row["currency"]),
        refunded=Money(row["refunded_minor"], row["currency"]),
        shipping_address=shipping_address,
        billing_address=_billing_address(row["billing_address"]) or shipping_address,
        email=row["email"],
        customer=User(row["customer_id"]) if row["customer_id"] else None,
        guest=_guest(row),
        placed_at=row["placed_at"],
        updated_at=row["updated_at"],
    )


def _guest(row: asyncpg.Record) -> Guest | None:
    return Guest(row["guest_id"], row["token_expires_at"]) if row["guest_id"] else None


def _line(row: asyncpg.Record, details: Details) -> OrderLineView:
    return OrderLineView(
        details=details,
        order_id=row["id"],
        id=row["line_id"],
        variant=ProductVariant(row["variant_id"], row["sku"]),
        title=row["title"],
        sku=row["sku"],
        quantity=row["quantity"],
        unit_price=Money(row["unit_price_minor"], row["currency"]),
        may_wait=row["waiting"] > 0 and row["status"] not in _ENDED,
    )


def _shipping_address(row: asyncpg.Record) -> PostalAddress:
    return PostalAddress(*(row[name] for name in PostalAddress.__slots__))


def _billing_address(stored: str | None) -> PostalAddress | None:
    return None if stored is None else PostalAddress(**orjson.loads(stored))


def _cancellation(stored: str | None) -> CancellationView | None:
    if stored is None:
        return None
    reason: dict[str, Any] = orjson.loads(stored)
    return CancellationView(reason["code"], reason["message"], reason["lineIds"])
