"""Carts in memory and in Postgres, and what becomes of them besides: what the contract suite of their ports runs on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID, uuid4

from shared.ids import new_id
from shared.money import Money
from shared.persistence import db
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.cart_changes import Addition, CartState
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import KnownVariant
from subgraphs.orders.domain.order import OrderedLine, PlacedOrder
from tests.carts import WORK
from tests.fakes.carts import CartWorkTwin

Outcome = TypeVar("Outcome")
ADA, BOB = UUID(int=1), UUID(int=2)


class Memory:
    """The twins, and what orders do to carts in them."""

    def __init__(self) -> None:
        self._twin = CartWorkTwin()
        self.perform = self._twin.perform

    async def expire(self, cart_id: UUID) -> None:
        self._twin.carts.rows[cart_id].expires_at = datetime.now(UTC)

    async def order(self, cart_id: UUID) -> None:
        self._twin.carts.rows[cart_id].is_ordered = True

    async def let_go(self, order: PlacedOrder, cart_id: UUID) -> None:
        self._twin.carts.reopened[order.id] = cart_id

    async def reopened(self, order: PlacedOrder) -> UUID | None:
        return self._twin.carts.reopened.get(order.id)

    async def wait(self, order: PlacedOrder, units: Sequence[int]) -> None:
        self._twin.waiting_orders.orders[order.id] = order
        self._twin.waiting_orders.waiting[order.id] = {
            line.id: its for line, its in zip(order.lines, units, strict=True)
        }


_ORDER = """
WITH placed AS (
  INSERT INTO orders (id, number, customer_id, reopened_cart_id, status, cancellation, email, currency, total_minor,
    recipient, line1, city, country)
  VALUES (:id, :number, :customer_id, :cart_id, :status::text,
    CASE WHEN :status::text = 'CANCELLED' THEN '{}'::jsonb END, :email, :currency, :total_minor,
    'Ada', '1 Way', 'London', 'GB')
)
INSERT INTO order_lines (id, order_id, position, variant_id, title, sku, quantity, unit_price_minor, waiting)
SELECT line.id, :id, position, variant_id, 'Lamp', 'SKU', quantity, price, waiting
FROM unnest(:lines::uuid[], :variants::uuid[], :quantities::int[], :prices::bigint[], :waiting::int[]) WITH ORDINALITY
  AS line (id, variant_id, quantity, price, waiting, position)
"""


class Postgres:
    """The repositories, and what orders do to carts beside them."""

    perform = staticmethod(WORK.perform)

    async def expire(self, cart_id: UUID) -> None:
        await db.execute("UPDATE carts SET expires_at = now() WHERE id = :id", id=cart_id)

    async def order(self, cart_id: UUID) -> None:
        await db.execute("UPDATE carts SET ordered_at = now() WHERE id = :id", id=cart_id)

    async def let_go(self, order: PlacedOrder, cart_id: UUID) -> None:
        await self._insert(order, "CANCELLED", cart_id, [0] * len(order.lines))

    async def reopened(self, order: PlacedOrder) -> UUID | None:
        cart_id: UUID | None = await db.fetch_value("SELECT reopened_cart_id FROM orders WHERE id = :id", id=order.id)
        return cart_id

    async def wait(self, order: PlacedOrder, units: Sequence[int]) -> None:
        await self._insert(order, "CONFIRMED", None, units)

    async def _insert(self, order: PlacedOrder, status: str, cart_id: UUID | None, waiting: Sequence[int]) -> None:
        await db.execute(
            _ORDER,
            id=order.id,
            number=order.number,
            customer_id=order.customer_id,
            cart_id=cart_id,
            status=status,
            email=order.email,
            currency=order.currency,
            total_minor=order.total_minor,
            lines=[line.id for line in order.lines],
            variants=[line.variant_id for line in order.lines],
            quantities=[line.quantity for line in order.lines],
            prices=[line.unit_price_minor for line in order.lines],
            waiting=waiting,
        )


@dataclass
class Carts:
    """Carts of some kind."""

    kind: Memory | Postgres

    async def run(self, steps: Callable[[CartWork], Awaitable[Outcome]]) -> Outcome:
        """Steps of one unit of work."""

        async def handler(_: None, work: CartWork) -> Outcome:
            return await steps(work)

        return await self.kind.perform(handler, None)

    async def sell(self, price: int = 1000) -> UUID:
        """A variant on sale, of a product of its own."""
        variant = KnownVariant(new_id(), "SKU", "Lamp", Money(price, "EUR"))
        await self.run(lambda work: work.catalogue.save_product(new_id(), 1, [variant]))
        return variant.id

    async def filled(self, owner_id: UUID | None, *lines: tuple[UUID, int], price: int = 1000) -> UUID:
        """The id of a cart with these units of variants, seen at this price."""
        cart_id = uuid4()
        additions = [Addition(variant_id, units, Money(price, "EUR")) for variant_id, units in lines]

        async def steps(work: CartWork) -> None:
            await work.carts.add(cart_id, owner_id, 30)
            await work.carts.add_units(cart_id, additions)

        await self.run(steps)
        return cart_id

    async def load(self, cart_id: UUID) -> Cart:
        """A cart as it is."""
        return await self.run(lambda work: work.carts.load(cart_id))

    async def units(self, cart_id: UUID) -> dict[UUID, int]:
        """How many units of which variant are in a cart."""
        return {line.variant.id: line.quantity for line in (await self.load(cart_id)).lines}

    async def state(self, cart_id: UUID, user_id: UUID | None) -> CartState | None:
        """What somebody finds who wants to order a cart."""
        return await self.run(lambda work: work.carts.lock_to_order(cart_id, user_id))

    async def days_left(self, cart_id: UUID) -> int:
        """For how many days a cart is kept."""
        expires_at = (await self.load(cart_id)).expires_at
        assert expires_at is not None
        return round((expires_at - datetime.now(UTC)) / timedelta(days=1))


def order_of(*lines: tuple[UUID, int, int], customer_id: UUID = ADA) -> PlacedOrder:
    """An order of variants, each with its units and price."""
    ordered = [OrderedLine(new_id(), variant, "SKU", "Lamp", units, price) for variant, units, price in lines]
    total = sum(units * price for _, units, price in lines)
    return PlacedOrder(new_id(), f"M-{uuid4().hex[:9]}", customer_id, "ada@example.com", "EUR", total, ordered)
