"""What the commands of carts, and of what orders knows of catalogue and stock, need of the world."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from shared.events.event import Recorder
from shared.transaction import Transaction
from subgraphs.orders.domain.cart import Cart, CartLifetime
from subgraphs.orders.domain.cart_changes import Addition, CartState, CartsToMerge
from subgraphs.orders.domain.catalogue import ExpectedDays, KnownStock, KnownVariant
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.waiting import StillToCome


class CartRepository(Protocol):
    """Carts and their lines. One that expired is missing from then on, by the database's clock.

    ``user_id`` is who asks, None for an anonymous caller: an anonymous cart is everybody's, somebody else's is missing.
    Whoever changes a cart locks it first; what is locked is this unit of work's alone until its end.
    """

    async def add(self, cart_id: UUID, owner_id: UUID | None, days: int) -> Cart:
        """Starts an empty cart, to be removed after so many days without a change."""

    async def lock_to_change(self, cart_id: UUID, user_id: UUID | None, lifetime: CartLifetime) -> CartState | None:
        """Locks a cart and puts its expiry off; None when it is missing."""

    async def lock_to_order(self, cart_id: UUID, user_id: UUID | None) -> CartState | None:
        """Locks a cart; None when it is missing."""

    async def load(self, cart_id: UUID) -> Cart:
        """A locked cart with its lines, at the prices and the stock of now."""

    async def add_units(self, cart_id: UUID, additions: Sequence[Addition]) -> None:
        """Puts variants into a locked cart; of those that are in it there are more. The price seen first stays."""

    async def set_quantities(self, cart_id: UUID, quantities: Mapping[UUID, int]) -> None:
        """Sets lines of a locked cart, by their ids; the buyer has seen the prices of now."""

    async def remove_lines(self, cart_id: UUID, line_ids: Sequence[UUID]) -> None:
        """Takes lines out of a locked cart."""

    async def lock_to_merge(self, cart_id: UUID, user_id: UUID) -> CartsToMerge:
        """Locks a cart, and the user's latest open one besides."""

    async def adopt(self, cart_id: UUID, user_id: UUID, days: int) -> None:
        """Makes a locked cart the user's, to be removed after so many days without a change."""

    async def pour(self, cart_id: UUID, own_id: UUID, days: int) -> None:
        """Puts the lines of a locked cart into another one, which is kept for so many days, and removes the first.

        Units of one variant add up, to MAX_QUANTITY. A line that both have keeps the price that was seen in the second.
        Orders that let go of the first find what they are to buy in the second.
        """

    async def split_off(self, order: PlacedOrder) -> None:
        """Puts what a locked order buys into a cart of its own, out of the locked one that it let go of.

        A cart that holds exactly what is bought, or nothing of it, stays as it is; so does one that is ordered or
        expired, or somebody else's by now. The new one is older than the other, which stays the buyer's latest.
        """

    async def remove_expired(self, limit: int) -> int:
        """Removes up to ``limit`` expired carts that nobody has locked, and answers how many. Ordered ones stay."""


class Catalogue(Protocol):
    """What is known of variants and their stock. An older version than the known one changes nothing."""

    async def sold_variants(self, variant_ids: Sequence[UUID]) -> Mapping[UUID, KnownVariant]:
        """Those of some variants that are on sale."""

    async def save_product(self, product_id: UUID, version: int, variants: Sequence[KnownVariant]) -> None:
        """Takes over a product's whole state: its variants that are not named are sold no longer."""

    async def save_stock(self, variant_id: UUID, version: int, stock: KnownStock) -> ExpectedDays:
        """Takes over how many units can be bought, and how many more can be ordered."""


class WaitingOrders(Protocol):
    """Confirmed orders that wait for units."""

    async def of_variant(self, variant_id: UUID) -> Sequence[UUID]:
        """Those that wait for units of a variant."""

    async def by_ids(self, order_ids: Sequence[UUID]) -> Sequence[tuple[PlacedOrder, Sequence[StillToCome]]]:
        """Those of some orders that wait, and what each waits for."""


class CartWork(Protocol):
    """A unit of work of carts and of what is known of catalogue and stock."""

    @property
    def lifetime(self) -> CartLifetime: ...

    @property
    def carts(self) -> CartRepository: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def waiting_orders(self) -> WaitingOrders: ...

    @property
    def events(self) -> Recorder: ...

    @property
    def transaction(self) -> "Transaction[CartWork]": ...
