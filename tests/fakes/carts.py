"""The ports of carts in memory: what handlers are tested with. One contract suite holds for these and for Postgres."""

import copy
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from shared.days import today
from shared.events.event import Recorder
from shared.ids import new_id
from shared.money import Money
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME, MAX_QUANTITY, Cart, CartLifetime, CartLine
from subgraphs.orders.domain.cart_changes import Addition, CartState, CartsToMerge, units_by_variant
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.catalogue import ExpectedDays, KnownStock, KnownVariant
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.references import ProductVariant
from subgraphs.orders.domain.waiting import StillToCome, to_come

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")


@dataclass
class CatalogueTwin:
    """Variants and stock by variant, products by their versions."""

    products: dict[UUID, tuple[int, Sequence[UUID]]] = field(default_factory=dict)
    variants: dict[UUID, KnownVariant] = field(default_factory=dict)
    sold: set[UUID] = field(default_factory=set)
    stock: dict[UUID, tuple[int, KnownStock]] = field(default_factory=dict)

    async def sold_variants(self, variant_ids: Sequence[UUID]) -> Mapping[UUID, KnownVariant]:
        return {each: self.variants[each] for each in variant_ids if each in self.sold}

    async def save_product(self, product_id: UUID, version: int, variants: Sequence[KnownVariant]) -> None:
        known, before = self.products.get(product_id, (version - 1, ()))
        if version > known:
            self.sold.difference_update(before)
            self.sold.update(variant.id for variant in variants)
            self.variants |= {variant.id: variant for variant in variants}
            self.products[product_id] = version, [variant.id for variant in variants]

    async def save_stock(self, variant_id: UUID, version: int, stock: KnownStock) -> ExpectedDays:
        known, before = self.stock.get(variant_id, (version - 1, None))
        if version <= known:
            return ExpectedDays(None, None)
        self.stock[variant_id] = version, stock
        return ExpectedDays(before.expected_from if before else None, stock.expected_from)


@dataclass
class LineTwin:
    """A line of a cart, and the price that was seen."""

    variant_id: UUID
    quantity: int
    seen: Money


@dataclass
class CartTwin:
    """A cart with its lines by id, the oldest first."""

    owner_id: UUID | None
    created_at: datetime
    expires_at: datetime
    is_ordered: bool = False
    lines: dict[UUID, LineTwin] = field(default_factory=dict)

    def is_there_for(self, user_id: UUID | None) -> bool:
        """Whether somebody may use it."""
        return self.owner_id in (None, user_id) and (self.is_ordered or self.expires_at > datetime.now(UTC))

    def line_of(self, variant_id: UUID) -> LineTwin | None:
        """The line of a variant."""
        return next((line for line in self.lines.values() if line.variant_id == variant_id), None)


@dataclass
class CartsTwin:
    """Carts in a dictionary; ``reopened`` are the carts that orders let go of, by order."""

    catalogue: CatalogueTwin
    rows: dict[UUID, CartTwin] = field(default_factory=dict)
    reopened: dict[UUID, UUID] = field(default_factory=dict)

    async def add(self, cart_id: UUID, owner_id: UUID | None, days: int) -> Cart:
        self.rows[cart_id] = CartTwin(owner_id, datetime.now(UTC), _in(days))
        return await self.load(cart_id)

    async def lock_to_change(self, cart_id: UUID, user_id: UUID | None, lifetime: CartLifetime) -> CartState | None:
        state = await self.lock_to_order(cart_id, user_id)
        if state:
            self.rows[cart_id].expires_at = _in(lifetime.days_of(self.rows[cart_id].owner_id))
        return state

    async def lock_to_order(self, cart_id: UUID, user_id: UUID | None) -> CartState | None:
        row = self.rows.get(cart_id)
        if row is None or not row.is_there_for(user_id):
            return None
        return CartState.ORDERED if row.is_ordered else CartState.OPEN

    async def load(self, cart_id: UUID) -> Cart:
        row = self.rows[cart_id]
        lines = [self._line(line_id, line) for line_id, line in row.lines.items()]
        expires_at = None if row.is_ordered else row.expires_at
        return Cart(cart_id, row.owner_id, lines, row.is_ordered, row.created_at, expires_at)

    async def add_units(self, cart_id: UUID, additions: Sequence[Addition]) -> None:
        for addition in additions:
            self._put(cart_id, addition.variant_id, addition.quantity, addition.price)

    async def set_quantities(self, cart_id: UUID, quantities: Mapping[UUID, int]) -> None:
        for line_id, quantity in quantities.items():
            line = self.rows[cart_id].lines[line_id]
            line.quantity, line.seen = quantity, self.catalogue.variants[line.variant_id].price

    async def remove_lines(self, cart_id: UUID, line_ids: Sequence[UUID]) -> None:
        for line_id in line_ids:
            self.rows[cart_id].lines.pop(line_id, None)

    async def lock_to_merge(self, cart_id: UUID, user_id: UUID) -> CartsToMerge:
        own = [
            (row.created_at, own_id)
            for own_id, row in self.rows.items()
            if row.owner_id == user_id and own_id != cart_id and not row.is_ordered and row.is_there_for(user_id)
        ]
        return CartsToMerge(await self.lock_to_order(cart_id, user_id), max(own)[1] if own else None)

    async def adopt(self, cart_id: UUID, user_id: UUID, days: int) -> None:
        self.rows[cart_id].owner_id, self.rows[cart_id].expires_at = user_id, _in(days)

    async def pour(self, cart_id: UUID, own_id: UUID, days: int) -> None:
        for line in self.rows.pop(cart_id).lines.values():
            self._put(own_id, line.variant_id, line.quantity, line.seen)
        self.rows[own_id].expires_at = _in(days)
        self.reopened = {order: own_id if its == cart_id else its for order, its in self.reopened.items()}

    async def split_off(self, order: PlacedOrder) -> None:
        row = self.rows.get(self.reopened.get(order.id, order.id))
        if row is None or row.is_ordered or not row.is_there_for(order.customer_id):
            return
        units, held = units_by_variant(order.lines), {line.variant_id: line.quantity for line in row.lines.values()}
        if held == units or not held.keys() & units.keys():
            return
        apart_id = new_id()
        self.rows[apart_id] = CartTwin(row.owner_id, row.created_at - timedelta(microseconds=1), row.expires_at)
        for line in order.lines:
            self._put(apart_id, line.variant_id, line.quantity, Money(line.unit_price_minor, order.currency))
        self._take(row, units)
        self.reopened[order.id] = apart_id

    async def remove_expired(self, limit: int) -> int:
        expired = [each for each, row in self.rows.items() if not row.is_ordered and not row.is_there_for(row.owner_id)]
        for cart_id in sorted(expired, key=lambda each: self.rows[each].expires_at)[:limit]:
            del self.rows[cart_id]
        return min(limit, len(expired))

    def _put(self, cart_id: UUID, variant_id: UUID, quantity: int, seen: Money) -> None:
        line = self.rows[cart_id].line_of(variant_id)
        if line:
            line.quantity = min(line.quantity + quantity, MAX_QUANTITY)
        else:
            self.rows[cart_id].lines[new_id()] = LineTwin(variant_id, quantity, seen)

    def _take(self, row: CartTwin, units: Counter[UUID]) -> None:
        for line in row.lines.values():
            line.quantity -= units[line.variant_id]
        row.lines = {line_id: line for line_id, line in row.lines.items() if line.quantity > 0}

    def _line(self, line_id: UUID, line: LineTwin) -> CartLine:
        variant, is_sold = self.catalogue.variants[line.variant_id], line.variant_id in self.catalogue.sold
        _, stock = self.catalogue.stock.get(line.variant_id, (0, None))
        backorder = stock.backorder if stock else None
        if backorder:
            backorder = replace(backorder, available_from=to_come(backorder.available_from, today()))
        product = ProductVariant(variant.id, variant.sku)
        its = product, line.quantity, variant.title, variant.sku, variant.price, line.seen, is_sold
        return CartLine(line_id, *its, stock.available if stock else None, backorder)


@dataclass
class WaitingOrdersTwin:
    """Confirmed orders, and how many units each waits for by line."""

    catalogue: CatalogueTwin
    orders: dict[UUID, PlacedOrder] = field(default_factory=dict)
    waiting: dict[UUID, dict[UUID, int]] = field(default_factory=dict)

    async def of_variant(self, variant_id: UUID) -> Sequence[UUID]:
        return sorted(
            order.id
            for order in self.orders.values()
            for line in order.lines
            if line.variant_id == variant_id and self.waiting[order.id].get(line.id)
        )

    async def by_ids(self, order_ids: Sequence[UUID]) -> Sequence[tuple[PlacedOrder, Sequence[StillToCome]]]:
        orders = [self.orders[order_id] for order_id in order_ids if any(self.waiting[order_id].values())]
        return [(order, self._still_to_come(order)) for order in orders]

    def _still_to_come(self, order: PlacedOrder) -> Sequence[StillToCome]:
        waiting = self.waiting[order.id]
        return [
            StillToCome(line.id, waiting[line.id], self._expected_from(line.variant_id))
            for line in order.lines
            if waiting.get(line.id)
        ]

    def _expected_from(self, variant_id: UUID) -> date | None:
        _, stock = self.catalogue.stock.get(variant_id, (0, None))
        return to_come(stock.expected_from, today()) if stock else None


class CartWorkTwin:
    """A unit of work of carts, and what performs handlers with it. What fails within a transaction changes nothing."""

    def __init__(self, lifetime: CartLifetime = DEFAULT_LIFETIME) -> None:
        self.lifetime = lifetime
        self.events = Recorder()
        self.catalogue = CatalogueTwin()
        self.carts = CartsTwin(self.catalogue)
        self.waiting_orders = WaitingOrdersTwin(self.catalogue)

    async def perform(self, handler: Callable[[Command, CartWork], Awaitable[Outcome]], command: Command) -> Outcome:
        """What the handler answers."""
        return await self.transaction(lambda work: handler(command, work))

    async def perform_alone(
        self, handler: Callable[[Command, CartWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """The same without a transaction: what was done before a failure counts."""
        return await handler(command, self)

    async def transaction(self, step: Callable[[CartWork], Awaitable[Outcome]]) -> Outcome:
        """What the step answers; all or nothing."""
        before = copy.deepcopy(self.__dict__)
        try:
            return await step(self)
        except BaseException:
            self.__dict__ = before
            raise


def _in(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
