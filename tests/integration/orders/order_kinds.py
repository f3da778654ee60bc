"""Orders in memory and in Postgres: what the contract suite of their ports runs on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from shared.ids import new_id
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.fulfilment import Kind, Saga, Step
from subgraphs.orders.domain.order import Actor, Cause, Order, OrderedLine, OrderStatus, PlacedOrder, new_order_number
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import Refund, RefundStatus
from subgraphs.orders.domain.shipment import Shipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.transition import StatusTransition
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.domain.units import Units
from subgraphs.orders.infrastructure import tables
from tests.fakes.orders.work import OrdersTwinWork
from tests.orders import ADDRESS

Outcome = TypeVar("Outcome")
LEASE, NEVER = 60.0, 3600.0
STAFF = uuid4()
BY_SHOP, BY_STAFF = Cause("for a test", Actor.SHOP), Cause("for a test", Actor.STAFF, STAFF)
DONE, FAILED, PENDING = RefundStatus.DONE, RefundStatus.FAILED, RefundStatus.PENDING
CONFIRMATION = StatusTransition(Step.CONFIRMED, OrderStatus.CONFIRMED, "paid", is_capture=True, is_end=True)


@dataclass
class Room:
    """Orders of some kind.

    ``perform`` runs a handler as a unit of work, ``add_cart`` makes an open cart of a customer.
    """

    perform: Callable[[Any, Any], Awaitable[Any]]
    add_cart: Callable[[UUID], Awaitable[UUID]]

    async def run(self, steps: Callable[[OrdersWork], Awaitable[Outcome]]) -> Outcome:
        """Steps of one unit of work."""

        async def handler(_: None, work: OrdersWork) -> Outcome:
            return await steps(work)

        answer: Outcome = await self.perform(handler, None)
        return answer

    async def place(self, *quantities: int, price: int = 1000, number: str | None = None) -> PlacedOrder | None:
        """A new order; None when its number is taken."""
        lines = [OrderedLine(new_id(), new_id(), "SKU", "Lamp", quantity, price) for quantity in quantities or (2,)]
        total, customer_id = sum(line.quantity * price for line in lines), uuid4()
        name = (number or new_order_number(), customer_id, "ada@example.com")
        order = PlacedOrder(new_id(), *name, "EUR", total, lines)
        checkout = Checkout(await self.add_cart(customer_id), order.email, ADDRESS, "pm_card_visa")
        is_placed = await self.run(lambda work: work.orders.place(order, checkout, NEVER))
        return order if is_placed else None

    async def placed(self, *quantities: int, price: int = 1000) -> PlacedOrder:
        """A new order."""
        order = await self.place(*quantities, price=price)
        assert order is not None
        return order

    async def claimed(self, worker: str = "one", lease_seconds: float = LEASE) -> Saga:
        """The one saga that is due."""
        (saga,) = await self.run(lambda work: work.sagas.claim_due(worker, 10, lease_seconds))
        return saga

    async def confirmed(self, *quantities: int, price: int = 1000) -> PlacedOrder:
        """An order that is paid."""
        order, saga = await self.placed(*quantities, price=price), await self.claimed()
        assert await self.run(lambda work: work.orders.transition(saga, CONFIRMATION, LEASE))
        return order

    async def lock(self, order_id: UUID) -> Order:
        """An order as it is."""
        order = await self.run(lambda work: work.orders.lock(order_id))
        assert order is not None
        return order

    async def refund(
        self, order: PlacedOrder, minor: int, *units: Units, status: RefundStatus = DONE, **more: Any
    ) -> Refund:
        """A refund in some status."""
        refund = Refund(new_id(), order.id, minor, "broken", more.pop("is_restocking", False), units, **more)
        await self.run(lambda work: work.refunds.add(refund, status, STAFF))
        return refund

    async def rejected(self, order: PlacedOrder, minor: int, *units: Units, is_restocking: bool = False) -> Refund:
        """A refund that the provider rejected."""
        refund = await self.refund(order, minor, *units, status=PENDING, is_restocking=is_restocking)
        await self.run(lambda work: work.sagas.start(refund.id, Kind.REFUND, order.id))
        saga = await self.claimed()
        assert await self.run(lambda work: work.sagas.park(saga, "no"))
        await self.run(lambda work: work.refunds.set_status(refund.id, FAILED, "no"))
        return refund

    async def start(self, saga_id: UUID, kind: Kind, order: PlacedOrder) -> None:
        """Starts a saga."""
        await self.run(lambda work: work.sagas.start(saga_id, kind, order.id))

    async def park(self, saga: Saga) -> None:
        """Makes a claimed saga stuck."""
        assert await self.run(lambda work: work.sagas.park(saga, "no"))

    async def undertaking(self, order_id: UUID, place: int = -1) -> Undertaking:
        """One of an order's sagas, the latest unless said otherwise."""
        return (await self.run(lambda work: work.sagas.undertakings(order_id)))[place]

    async def ship(
        self, order: PlacedOrder, *units: Units, status: ShipmentStatus = ShipmentStatus.SHIPPED
    ) -> Shipment:
        """A shipment in some status."""
        shipment = Shipment(new_id(), order.id, "DHL", "123", list(units), STAFF)
        await self.run(lambda work: work.shipments.add(shipment, status))
        return shipment


def in_memory() -> Room:
    work = OrdersTwinWork()

    async def add(customer_id: UUID) -> UUID:
        return (await work.carts.add(uuid4(), customer_id, 30)).id

    return Room(work.perform, add)


async def add_row(customer_id: UUID) -> UUID:
    cart_id = uuid4()
    await tables.Cart.create(id=cart_id, owner_id=customer_id)
    return cart_id
