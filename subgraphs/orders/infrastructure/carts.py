"""Carts in Postgres. Whoever changes one locks its row first, so that changes of one cart and its order take turns.

The lock is a statement of its own: what the next one reads is what the last holder of the lock left.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from shared.days import today
from shared.errors import UserErrors
from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cart import MAX_QUANTITY, Backorder, Cart, CartLifetime, CartLine
from subgraphs.orders.domain.cart_changes import Addition, CartState, CartsToMerge, units_by_variant
from subgraphs.orders.domain.errors import cart_already_ordered, cart_not_found
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.references import ProductVariant
from subgraphs.orders.domain.waiting import to_come
from subgraphs.orders.infrastructure import cart_merge_statements as merges
from subgraphs.orders.infrastructure import cart_statements as statements


class PostgresCarts:
    """The port CartRepository, in the task's transaction."""

    async def add(self, cart_id: UUID, owner_id: UUID | None, days: int) -> Cart:
        row = await db.fetch_row(statements.ADD, cart_id=cart_id, owner_id=owner_id, days=days)
        assert row is not None
        return Cart(**row, lines=(), is_ordered=False)

    async def lock_to_change(self, cart_id: UUID, user_id: UUID | None, lifetime: CartLifetime) -> CartState | None:
        row = await db.fetch_row(
            statements.LOCK_TO_CHANGE,
            cart_id=cart_id,
            user_id=user_id,
            anonymous_days=lifetime.anonymous_days,
            owned_days=lifetime.owned_days,
        )
        return _state(row)

    async def lock_to_order(self, cart_id: UUID, user_id: UUID | None) -> CartState | None:
        return _state(await db.fetch_row(statements.LOCK_TO_ORDER, cart_id=cart_id, user_id=user_id))

    async def load(self, cart_id: UUID) -> Cart:
        return cart_of(await db.fetch(statements.LOAD, cart_id=cart_id))

    async def add_units(self, cart_id: UUID, additions: Sequence[Addition]) -> None:
        await db.execute(
            statements.ADD_UNITS,
            cart_id=cart_id,
            ids=[new_id() for _ in additions],
            variant_ids=[addition.variant_id for addition in additions],
            quantities=[addition.quantity for addition in additions],
            prices=[addition.price.minor for addition in additions],
            currencies=[addition.price.currency for addition in additions],
        )

    async def set_quantities(self, cart_id: UUID, quantities: Mapping[UUID, int]) -> None:
        line_ids, its = list(quantities), list(quantities.values())
        await db.execute(statements.SET_QUANTITIES, cart_id=cart_id, line_ids=line_ids, quantities=its)

    async def remove_lines(self, cart_id: UUID, line_ids: Sequence[UUID]) -> None:
        await db.execute(statements.REMOVE_LINES, cart_id=cart_id, line_ids=line_ids)

    async def lock_to_merge(self, cart_id: UUID, user_id: UUID) -> CartsToMerge:
        await db.execute(merges.LOCK_USER, merges=merges.MERGES, user=str(user_id))
        await db.execute(merges.LOCK_ORDERS, cart_id=cart_id)
        locked = {row["id"]: row for row in await db.fetch(merges.LOCK_BOTH, cart_id=cart_id, user_id=user_id)}
        state = _state(locked.pop(cart_id, None))
        return CartsToMerge(state, next(iter(locked), None))

    async def adopt(self, cart_id: UUID, user_id: UUID, days: int) -> None:
        await db.execute(merges.ADOPT, cart_id=cart_id, user_id=user_id, days=days)

    async def pour(self, cart_id: UUID, own_id: UUID, days: int) -> None:
        await db.execute(merges.POUR_LINES, cart_id=cart_id, own_id=own_id, most=MAX_QUANTITY)
        await db.execute(merges.REDIRECT_ORDERS, cart_id=cart_id, own_id=own_id)
        await db.execute(merges.REMOVE, cart_id=cart_id)
        await db.execute(merges.PUT_OFF, own_id=own_id, days=days)

    async def split_off(self, order: PlacedOrder) -> None:
        units = units_by_variant(order.lines)
        await db.execute(
            merges.SPLIT_OFF,
            order_id=order.id,
            variant_ids=list(units),
            quantities=list(units.values()),
            line_ids=[new_id() for _ in units],
            apart_id=new_id(),
        )

    async def remove_expired(self, limit: int) -> int:
        return await db.execute(statements.REMOVE_EXPIRED, most=limit)


async def lock_open_cart(cart_id: UUID, user_id: UUID | None) -> None:
    """Makes sure that the caller may order a cart, and that nobody else changes it until the transaction ends.

    Raises:
        UserErrors: when there is no such cart for this caller, or it was ordered.
    """
    state = await PostgresCarts().lock_to_order(cart_id, user_id)
    if state is None:
        raise UserErrors(cart_not_found())
    if state is CartState.ORDERED:
        raise UserErrors(cart_already_ordered())


def cart_of(rows: Sequence[asyncpg.Record]) -> Cart:
    """A cart from its rows, which have ``COLUMNS``."""
    lines = [_line(row) for row in rows if row["line_id"] is not None]
    first = rows[0]
    is_ordered = first["ordered_at"] is not None
    expires_at = None if is_ordered else first["expires_at"]
    return Cart(first["id"], first["owner_id"], lines, is_ordered, first["created_at"], expires_at)


def _line(row: asyncpg.Record) -> CartLine:
    return CartLine(
        id=row["line_id"],
        variant=ProductVariant(row["variant_id"]),
        quantity=row["quantity"],
        title=row["title"],
        sku=row["sku"],
        unit_price=Money(row["price_minor"], row["currency"]),
        seen_price=Money(row["seen_price_minor"], row["seen_currency"]),
        is_sold=row["is_sold"],
        available=row["available"],
        backorder=_backorder(row) if row["is_backorder_allowed"] else None,
    )


def _backorder(row: asyncpg.Record) -> Backorder:
    return Backorder(to_come(row["backorder_available_from"], today()), row["backorder_remaining"])


def _state(row: asyncpg.Record | None) -> CartState | None:
    if row is None:
        return None
    return CartState.OPEN if row["ordered_at"] is None else CartState.ORDERED
