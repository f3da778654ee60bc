"""How parts of orders stand in columns of JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.json import dumps
from shared.postal.address import PostalAddress
from subgraphs.orders.domain.cancellation import Cancellation, CancellationCode
from subgraphs.orders.domain.guest import Guest
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from subgraphs.orders.domain.units import Units


def stored(cancellation: Cancellation | None) -> str | None:
    """A cancellation as its column has it."""
    if cancellation is None:
        return None
    reason = {"code": cancellation.code, "message": cancellation.message, "lineIds": list(cancellation.line_ids)}
    return dumps(reason).decode()


def cancellation_of(column: str | None) -> Cancellation | None:
    """The cancellation in a column."""
    if column is None:
        return None
    reason = orjson.loads(column)
    line_ids = tuple(UUID(line_id) for line_id in reason["lineIds"])
    return Cancellation(CancellationCode(reason["code"]), reason["message"], line_ids)


def stored_address(address: PostalAddress | None) -> str | None:
    """A postal address as its column has it."""
    return None if address is None else dumps(asdict(address)).decode()


def placed_order_of(row: asyncpg.Record, order_id: UUID) -> PlacedOrder:
    """The part of an order that never changes; ``lines`` are its lines as JSON."""
    lines = [_line(line) for line in orjson.loads(row["lines"])]
    money = (row["currency"], row["total_minor"])
    guest = Guest(row["guest_id"], row["token_expires_at"]) if row["guest_id"] else None
    who = (row["customer_id"], row["email"])
    return PlacedOrder(order_id, row["number"], *who, *money, lines, row["attempt"], guest)


def units_of(column: str) -> Sequence[Units]:
    """Units from rows of them as JSON."""
    return [Units(UUID(part["line_id"]), part["quantity"]) for part in orjson.loads(column)]


def _line(line: Mapping[str, Any]) -> OrderedLine:
    ids = (UUID(line["id"]), UUID(line["variant_id"]))
    return OrderedLine(*ids, line["sku"], line["title"], line["quantity"], line["unit_price_minor"])
