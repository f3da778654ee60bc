"""What the handlers and sagas of orders need of the world: one repository an aggregate, and the room's unit of work.

Who changes an order, or what belongs to it, has locked it first.
Sagas are in ``saga_ports.py``, carts in ``cart_ports.py``, what other subgraphs do for orders in ``peers.py``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.events.event import Recorder
from shared.transaction import Transaction
from subgraphs.orders.domain.cancellation import Cancellation
from subgraphs.orders.domain.cart_ports import CartRepository
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, Hold
from subgraphs.orders.domain.fulfilment import Saga
from subgraphs.orders.domain.guest import OrderTokens
from subgraphs.orders.domain.order import Cause, Order, OrderStatus, PlacedOrder
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.domain.peers import Inventory, Payments
from subgraphs.orders.domain.refund import GivenRefund, Refund, Refundable, RefundSource, RefundStatus
from subgraphs.orders.domain.saga_ports import Reports, Sagas
from subgraphs.orders.domain.shipment import Shipment, Shippable, StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.standing import Standing
from subgraphs.orders.domain.transition import StatusTransition, Transitioned
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import StillToCome, WaitingUnits


class Orders(Protocol):
    """Orders, their lines and their history."""

    async def place(self, order: PlacedOrder, checkout: Checkout, deadline_seconds: float) -> bool:
        """Writes an order of a locked cart, which ends, and starts its saga; False when its number is taken: try
        another one.
        """

    async def lock(self, order_id: UUID) -> Order | None:
        """An order, this unit of work's alone until its end; None when there is no such order."""

    async def placed(self, order_id: UUID) -> PlacedOrder:
        """The part of an order that never changes; the order is known to exist."""

    async def set_status(self, order: Order, status: OrderStatus, cause: Cause) -> Order:
        """Gives an order another status, with a line of its history.

        Raises RuntimeError when its status forbids that.
        """

    async def note(self, order: Order, cause: Cause) -> None:
        """Adds a line to the history of an order that keeps its status."""

    async def transition(self, saga: Saga, to: StatusTransition, lease_seconds: float) -> Transitioned | None:
        """Records a step of an order's saga by which the order gets a status, and the event of it.

        None when another worker has the saga, or somebody asked to cancel the order. Needs no lock.

        Raises:
            RuntimeError: when the order's status forbids that.
        """

    async def request_cancellation(self, order: Order, cancellation: Cancellation, cause: Cause) -> None:
        """Makes an order CANCELLING and asks its saga to turn round.

        What a person wants is the reason; the shop's own rules leave the one that the saga has already, because it is
        being undone.
        """

    async def show_cancellation(self, order_id: UUID) -> None:
        """Shows why an order will be cancelled, as its saga has it."""

    async def record_capture(self, order_id: UUID) -> None:
        """Records that an order's money was taken, if that was not known."""

    async def end_authorization(self, order_id: UUID, reason: str) -> None:
        """Records why an order's money can't be taken any more."""

    async def add_refunded(self, refund_id: UUID) -> datetime:
        """Adds a refund to what was refunded of its order, and answers when."""

    async def subtract_refunded(self, order_id: UUID, amount_minor: int) -> None:
        """Takes from what was refunded of an order what came back."""

    async def touch(self, order_id: UUID) -> datetime:
        """Records that something of an order changed, and answers when."""

    async def standing(self, order_id: UUID) -> Standing:
        """What became of an order's units and money."""

    async def units_here(self, order_id: UUID) -> Sequence[Units]:
        """The units of an order that neither left nor were refunded, nor stay out of stock."""

    async def units_waited_for_in_vain(self, order_id: UUID, refund_id: UUID) -> Sequence[Units]:
        """The units of an order that it still waits for, besides those of this refund: a refund is for units that wait
        first.
        """

    async def save_waiting(self, order_id: UUID, waiting: Sequence[WaitingUnits]) -> None:
        """Takes over what lines of an order wait for; what is older than what is known changes nothing.

        Needs no lock.
        """

    async def still_to_come(self, order_id: UUID) -> Sequence[StillToCome]:
        """The units of an order that are to be shipped when they have come, in the order of its lines."""

    async def payable(self, order_id: UUID) -> Payable:
        """An order as far as paying again goes; the cart that it let go of is locked, too."""

    async def reopen(self, order: PlacedOrder, payment_method_id: str, deadline_seconds: float) -> None:
        """Tries an order that came to nothing once more, from its saga's first step on.

        The cart that it let go of is ordered again, where it holds just what the order buys.
        """

    async def guests_within_an_hour(self, email: str) -> int:
        """How many orders guests have placed for an address within the last hour.

        ``email`` is in the form in which addresses are compared. Those who place orders for one address at the same
        moment wait for each other.
        """

    async def attach_guests(self, email: str, user_id: UUID, most: int) -> Sequence[UUID]:
        """Makes orders of guests with this address an account's, up to so many, the latest first; answers which.

        ``email`` is in the form in which addresses are compared.
        """


class Refunds(Protocol):
    """Refunds, and the units that they are for. Those that are rejected have their sagas STUCK at REFUND."""

    async def refundable(self, order_id: UUID) -> Refundable:
        """An order as far as refunds go."""

    async def add(self, refund: Refund, status: RefundStatus, user_id: UUID | None = None) -> None:
        """Adds a refund with its units."""

    async def by_id(self, refund_id: UUID) -> Refund | None:
        """A refund; None where its saga refunds all that remains: then it is recorded once it is known how much that
        was.
        """

    async def set_status(self, refund_id: UUID, status: RefundStatus, failure: str | None = None) -> None:
        """Records what became of a refund, and why it failed:
        then nobody has paid it outside of the provider either.
        """

    async def settle_units(self, refund_id: UUID) -> bool:
        """Records that a refund's units are back in stock, or out of it for good; answers whether its buyer is owed its
        money.
        """

    async def latest_without_units(self, order_id: UUID) -> UUID | None:
        """The latest refund of an order that is DONE and for no units."""

    async def restock_with(self, refund_id: UUID, units: Sequence[Units]) -> None:
        """Has a refund that was for no units put these back into stock."""

    async def add_units(self, refund_id: UUID, units: Sequence[Units]) -> None:
        """Has a refund be for these units, too: what it does with its own it does with them."""

    async def units_to_return(self, order_id: UUID) -> Sequence[Units]:
        """The units of a cancelled order that no refund was for."""

    async def rejected(self, order_id: UUID) -> Sequence[Refund]:
        """Those of an order that are rejected, the oldest first, those whose money came back from the buyer's bank
        among them.
        """

    async def rejected_by_provider(self, order_id: UUID) -> Sequence[Refund]:
        """The same without those whose money came back from the buyer's bank."""

    async def keeping_units_out(self, order_id: UUID) -> Sequence[Refund]:
        """Those that refunded nothing since somebody else refunded all of it, and whose units stay out of stock."""

    async def end_rejected(self, refunds: Sequence[Refund]) -> None:
        """Ends those that require no intervention any more."""

    async def end_keeping_units_out(self, refund: Refund) -> None:
        """Ends a rejected one that no money is left for; its units stay out of stock where it was to keep them out."""

    async def end_for_cancellation(self, order_id: UUID) -> None:
        """Ends all that are rejected, which a cancellation takes the place of: it refunds whatever is left."""

    async def end_open(self, order_id: UUID) -> None:
        """Ends those of which nothing is left to refund; a worker that has one is fenced."""

    async def of_key(self, order: Order, asked: UUID, amount_minor: int, reason: str) -> GivenRefund | None:
        """What orders asked for by this id, which is the order's where it is cancelled; recorded now if it failed
        first.
        """

    async def of_source(self, order_id: UUID, source: RefundSource, amount_minor: int) -> GivenRefund | None:
        """The latest refund of this source that is DONE, one of just this amount if there is one, else of more."""

    async def split(self, refund: GivenRefund, amount_minor: int) -> GivenRefund:
        """The part of a refund that failed, as a refund of its own; its units stay with the rest."""

    async def record_returned(self, refund_id: UUID, failure: str, *, is_owed: bool) -> None:
        """Records that the money of a refund came back, and whether the buyer is owed it."""

    async def has_units(self, refund_id: UUID) -> bool:
        """Whether a refund is for units."""

    async def failure(self, refund_id: UUID) -> str:
        """Why a refund failed."""


class Shipments(Protocol):
    """Shipments and what is in them."""

    async def shippable(self, order_id: UUID) -> Shippable:
        """An order as far as shipping goes."""

    async def add(self, shipment: Shipment, status: ShipmentStatus) -> None:
        """Adds a shipment with its units."""

    async def by_id(self, shipment_id: UUID) -> StoredShipment | None:
        """A shipment."""

    async def set_status(self, shipment_id: UUID, status: ShipmentStatus) -> None:
        """Records what became of a shipment, and when it is DELIVERED."""

    async def end_stuck(self, order_id: UUID) -> None:
        """Ends the saga of an order's shipment that must not leave."""

    async def end_open(self, order_id: UUID) -> None:
        """Makes an order's shipments that have not left REFUSED; a worker that takes the money for one is fenced."""


class Disputes(Protocol):
    """Disputes of orders' money."""

    async def save(self, dispute: Dispute) -> bool:
        """Writes what is told of a dispute; False when that is old news."""

    async def status(self, order_id: UUID, reference: str) -> DisputeStatus | None:
        """How a dispute stands; None when it is new."""

    async def hold(self, order_id: UUID) -> Hold | None:
        """Why nothing of an order may leave, if it is held."""


class OrdersWork(Protocol):
    """A unit of work of orders."""

    @property
    def orders(self) -> Orders: ...

    @property
    def carts(self) -> CartRepository: ...

    @property
    def refunds(self) -> Refunds: ...

    @property
    def shipments(self) -> Shipments: ...

    @property
    def disputes(self) -> Disputes: ...

    @property
    def sagas(self) -> Sagas: ...

    @property
    def inventory(self) -> Inventory: ...

    @property
    def payments(self) -> Payments: ...

    @property
    def reports(self) -> Reports: ...

    @property
    def tokens(self) -> OrderTokens: ...

    @property
    def events(self) -> Recorder: ...

    @property
    def transaction(self) -> "Transaction[OrdersWork]": ...
