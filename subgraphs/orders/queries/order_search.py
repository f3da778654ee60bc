"""Which orders a list shows, and in which order: pages of all orders for staff, and of a customer's own."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.email import comparable
from shared.graphql.pagination import Connection, PageRequest, connection, no_cursor
from shared.ids import try_parse_id
from shared.persistence import db
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.infrastructure.rows import COMPARABLE_EMAIL
from subgraphs.orders.queries.orders import ORDER_COLUMNS, OrderView, orders_of_rows

_LARGEST_AMOUNT = 2**63 - 1


class OrderSort(StrEnum):
    """As the SDL has it."""

    NEWEST = "NEWEST"
    OLDEST = "OLDEST"
    UPDATED = "UPDATED"
    TOTAL_DESC = "TOTAL_DESC"
    TOTAL_ASC = "TOTAL_ASC"


@dataclass(frozen=True, slots=True)
class TotalRange:
    """Orders in a currency that cost so much; amounts are in its minor unit."""

    currency: str
    min_minor: int | None
    max_minor: int | None


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted: those of which all of it is so. What is None asks for nothing."""

    customer_id: UUID | None = None
    statuses: tuple[OrderStatus, ...] | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    email: str | None = None
    sku: str | None = None
    total: TotalRange | None = None
    search: str | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    """How one sort works: by a column, then by the id; ``written`` and ``read`` are how its value stands in cursors."""

    column: str
    cast: str
    direction: str
    written: Callable[[OrderView], Any]
    read: Callable[[Any], Any]

    @property
    def follows(self) -> str:
        """The operator between a row and the place it comes after."""
        return "<" if self.direction == "DESC" else ">"


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (OverflowError, TypeError, ValueError):
        return None


def _amount(number: Any) -> int | None:
    return number if type(number) is int and 0 <= number <= _LARGEST_AMOUNT else None


def _placed_at(order: OrderView) -> str:
    return order.placed_at.isoformat()


def _updated_at(order: OrderView) -> str:
    return order.updated_at.isoformat()


def _total(order: OrderView) -> int:
    return order.total.minor


_KEYS: Mapping[OrderSort, _Key] = {
    OrderSort.NEWEST: _Key("placed_at", "timestamptz", "DESC", _placed_at, _moment),
    OrderSort.OLDEST: _Key("placed_at", "timestamptz", "ASC", _placed_at, _moment),
    OrderSort.UPDATED: _Key("updated_at", "timestamptz", "DESC", _updated_at, _moment),
    OrderSort.TOTAL_DESC: _Key("total_minor", "bigint", "DESC", _total, _amount),
    OrderSort.TOTAL_ASC: _Key("total_minor", "bigint", "ASC", _total, _amount),
}
CURSOR_LENGTH = 2

# Each of these looks into one index; of a text only one of them finds something, as a rule.
_FOUND = f"""
id IN (
  SELECT id FROM orders WHERE number = upper(:search) UNION ALL
  SELECT id FROM orders WHERE {COMPARABLE_EMAIL} = :searched_email UNION ALL
  SELECT order_id FROM order_lines WHERE upper(sku) = upper(:search)
)
"""  # noqa: S608 - a constant


async def find_orders(wanted: OrderFilter, sort: OrderSort, page: PageRequest) -> Connection[OrderView]:
    """A page of the orders that are wanted, in one statement.

    Raises:
        BadUserInput: when the page begins after what is no place of this list.
    """
    statement, values = search_statement(wanted, sort, page)
    orders = orders_of_rows(await db.fetch(statement, **values))
    key = _KEYS[sort]
    return connection(orders, page, lambda order: (key.written(order), str(order.id)))


def search_statement(wanted: OrderFilter, sort: OrderSort, page: PageRequest) -> tuple[str, Mapping[str, Any]]:
    """The statement of a page, which has only what it asks for, so that Postgres can plan it by that.

    Raises:
        BadUserInput: when the page begins after what is no place of this list.
    """
    key, conditions = _KEYS[sort], dict(_conditions(wanted))
    values: dict[str, Any] = {"most": page.limit} | _values(wanted)
    if page.after is not None:
        conditions[f"({key.column}, id) {key.follows} (:last::{key.cast}, :last_id::uuid)"] = None
        values |= _place(key, page.after)
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    order = f"ORDER BY {key.column} {key.direction}, id {key.direction}"
    outer = f"ORDER BY placed.{key.column} {key.direction}, placed.id {key.direction}, line.position"
    listed = f"SELECT * FROM orders {where} {order} LIMIT :most"  # noqa: S608 - constants
    joined = "JOIN order_lines AS line ON line.order_id = placed.id"
    return f"{ORDER_COLUMNS} FROM ({listed}) AS placed {joined} {outer}", values


def _conditions(wanted: OrderFilter) -> Iterator[tuple[str, None]]:
    total = wanted.total
    asked: Sequence[tuple[str, object]] = (
        ("customer_id = :customer_id", wanted.customer_id),
        ("status = ANY(:statuses::text[])", wanted.statuses),
        ("placed_at >= :placed_from", wanted.placed_from),
        ("placed_at < :placed_before", wanted.placed_before),
        (f"{COMPARABLE_EMAIL} = :email", wanted.email),
        ("id IN (SELECT order_id FROM order_lines WHERE upper(sku) = upper(:sku))", wanted.sku),
        ("currency = :currency", total),
        ("total_minor >= :min_minor", total and total.min_minor),
        ("total_minor <= :max_minor", total and total.max_minor),
        (_FOUND, wanted.search),
    )
    return ((condition, None) for condition, value in asked if value is not None)


def _values(wanted: OrderFilter) -> dict[str, Any]:
    total = wanted.total
    asked = {
        "customer_id": wanted.customer_id,
        "statuses": None if wanted.statuses is None else list(wanted.statuses),
        "placed_from": wanted.placed_from,
        "placed_before": wanted.placed_before,
        "email": None if wanted.email is None else comparable(wanted.email),
        "sku": wanted.sku,
        "currency": total and total.currency,
        "min_minor": total and total.min_minor,
        "max_minor": total and total.max_minor,
        "search": wanted.search,
        "searched_email": None if wanted.search is None else comparable(wanted.search),
    }
    return {name: value for name, value in asked.items() if value is not None}


def _place(key: _Key, after: tuple[Any, ...]) -> dict[str, Any]:
    last, last_id = key.read(after[0]), try_parse_id(after[1])
    if last is None or last_id is None:
        raise no_cursor()
    return {"last": last, "last_id": last_id}
