"""Carts in Postgres. Whoever changes one locks its row first, so that changes of one cart and its order take turns.

The lock is a statement of its own: what the next one reads is what the last holder of the lock left.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from shared.ids import new_id
from shared.persistence import db
from subgraphs.orders.domain.cart import MAX_QUANTITY, Cart, CartLifetime
from subgraphs.orders.domain.cart_changes import Addition, CartState, CartsToMerge, units_by_variant
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.infrastructure import cart_merge_statements as merges
from subgraphs.orders.infrastructure import cart_statements as statements
from subgraphs.orders.infrastructure.rows import cart_of


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


def _state(row: asyncpg.Record | None) -> CartState | None:
    if row is None:
        return None
    return CartState.OPEN if row["ordered_at"] is None else CartState.ORDERED
