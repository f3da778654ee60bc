"""Orders in memory, with what tests ask of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.errors import FailedPrecondition
from shared.ids import new_id
from shared.money import Money
from shared.postal.address import PostalAddress
from subgraphs.orders.commands.cancel_order import CancelOrder, cancel_order
from subgraphs.orders.commands.create_shipment import CreateShipment, create_shipment
from subgraphs.orders.commands.deliver_shipment import DeliverShipment, deliver_shipment
from subgraphs.orders.commands.place_order import PlaceOrder, place_order
from subgraphs.orders.commands.refund_order import RefundOrder, refund_order
from subgraphs.orders.domain.catalogue import KnownVariant
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.fulfilment import CaptureTime, Kind, Step, Times
from subgraphs.orders.domain.order import Person
from subgraphs.orders.domain.refund import RefundRequest, RefundStatus
from subgraphs.orders.domain.shipment import ShipmentRequest
from subgraphs.orders.domain.units import Units
from subgraphs.orders.sagas.claiming import ClaimDue, claim_due
from subgraphs.orders.sagas.following import TurnEnd
from subgraphs.orders.sagas.order_steps import OrderSteps
from subgraphs.orders.sagas.refund_steps import RefundSteps
from subgraphs.orders.sagas.runner import RunSaga, SagaRunner, Steps
from subgraphs.orders.sagas.shipment_steps import ShipmentSteps
from tests.fakes.carts import CartTwin, LineTwin
from tests.fakes.inventory import FakeInventory
from tests.fakes.orders.rows import OrderRow, RefundRow, now
from tests.fakes.orders.work import OrdersTwinWork
from tests.fakes.payments import FakePayments

ADDRESS = PostalAddress("Ada Lovelace", "1 Analytical Way", None, None, "London", "GB", None)
BUYER, STAFF = uuid4(), uuid4()
PRICE = 1000
LEASE = 60.0


class RejectingPayments(FakePayments):
    """Rejects, for good, what is named: such as "refund" or "void"."""

    def __init__(self, *rejected: str, remaining_minor: int = 0) -> None:
        super().__init__(remaining_minor=remaining_minor)
        self.rejected = set(rejected)

    def _note(self, question: str) -> None:
        super()._note(question)
        if question.split()[0] in self.rejected:
            raise FailedPrecondition("no")


class Room:
    """Orders with other subgraphs that answer what they are told to."""

    def __init__(self, payments: FakePayments | None = None, capture: CaptureTime = CaptureTime.CONFIRMATION) -> None:
        self.inventory, self.payments = FakeInventory(), payments or FakePayments()
        self.work = OrdersTwinWork(self.inventory, self.payments)
        times = Times(LEASE, LEASE)
        steps: Mapping[Kind, Steps] = {
            Kind.ORDER: OrderSteps(times, capture),
            Kind.REFUND: RefundSteps(LEASE),
            Kind.SHIPMENT: ShipmentSteps(),
        }
        self.runner = SagaRunner(steps)

    def cart(self, *quantities: int, stock: int = 100) -> UUID:
        """A cart of the buyer's with a variant for each quantity."""
        cart_id = uuid4()
        self.work.tables.carts.rows[cart_id] = CartTwin(BUYER, now(), now() + timedelta(days=1))
        for quantity in quantities:
            self.put(cart_id, quantity, stock)
        return cart_id

    def put(
        self,
        cart_id: UUID,
        quantity: int = 1,
        stock: int = 100,
        seen: int = PRICE,
        currency: str = "EUR",
        is_sold: bool = True,
    ) -> None:
        """Another variant in a cart."""
        carts, variant_id = self.work.tables.carts, uuid4()
        carts.catalogue.variants[variant_id] = KnownVariant(variant_id, "SKU", "Lamp", Money(PRICE, currency))
        if is_sold:
            carts.catalogue.sold.add(variant_id)
        carts.rows[cart_id].lines[new_id()] = LineTwin(variant_id, quantity, Money(seen, currency))
        self.inventory.put_in_stock(variant_id, stock)

    async def place(self, cart_id: UUID) -> UUID:
        """Orders a cart."""
        checkout = Checkout(cart_id, "ada@example.com", ADDRESS, "pm_card_visa")
        return await self.work.perform(place_order, PlaceOrder(checkout, BUYER, LEASE))

    async def placed(self, *quantities: int, stock: int = 100) -> UUID:
        """A new order."""
        return await self.place(self.cart(*(quantities or (1,)), stock=stock))

    async def confirmed(self, *quantities: int) -> UUID:
        """An order that was brought to its confirmation."""
        order_id = await self.placed(*quantities)
        await self.run()
        return order_id

    async def run(self) -> list[TurnEnd]:
        """Has workers go on until nothing is due; answers how their turns ended."""
        turns = []
        while due := await self.work.perform_alone(claim_due, ClaimDue("worker", 10, LEASE)):
            for saga in due:
                turns.append(await self.work.perform_alone(self.runner.run, RunSaga(saga, asyncio.Event())))
        return turns

    async def perform(self, handler: Callable[[Any, Any], Awaitable[Any]], command: object) -> Any:
        """What a handler answers."""
        return await self.work.perform(handler, command)

    async def refund(
        self, order_id: UUID, *units: Units, minor: int | None = None, is_restocking: bool = False
    ) -> UUID:
        """Asks for a refund."""
        amount = None if minor is None else Money(minor, "EUR")
        request = RefundRequest(order_id, units, amount, is_restocking, "broken")
        return await self.work.perform(refund_order, RefundOrder(request, STAFF))

    async def cancel(self, order_id: UUID, user_id: UUID = BUYER, *, is_staff: bool = False) -> UUID:
        """Asks for an order to be cancelled."""
        command = CancelOrder(order_id, Person(user_id, is_staff), None)
        return await self.work.perform(cancel_order, command)

    async def ship(self, order_id: UUID, *units: Units) -> UUID:
        """Ships units, or all that is here."""
        request = ShipmentRequest(order_id, units or None, "DHL", None)
        return await self.work.perform(create_shipment, CreateShipment(request, STAFF))

    async def deliver(self, shipment_id: UUID) -> UUID:
        """Has a shipment arrive."""
        return await self.work.perform(deliver_shipment, DeliverShipment(shipment_id, STAFF))

    def order(self, order_id: UUID) -> OrderRow:
        """An order as it is kept."""
        return self.work.tables.orders[order_id]

    def refunds(self, order_id: UUID) -> list[RefundRow]:
        """The refunds of an order as they are kept."""
        return [*self.work.tables.refunds_of(order_id)]

    def given(self, order_id: UUID) -> list[tuple[RefundStatus, int]]:
        """The status and the amount of each refund."""
        return [(row.status, row.refund.amount_minor) for row in self.refunds(order_id)]

    def step(self, saga_id: UUID) -> Step:
        """What a saga is at."""
        return self.work.tables.sagas[saga_id].step

    def let_go(self, order_id: UUID) -> UUID:
        """The cart that an order let go of."""
        return self.work.tables.carts.reopened[order_id]

    def lines(self, order_id: UUID) -> Sequence[UUID]:
        """The ids of an order's lines."""
        return [line.id for line in self.order(order_id).placed.lines]

    def told(self, order_id: UUID) -> list[str]:
        """The names of the events of an order."""
        return [each.type.rpartition(".")[2] for each in self.work.events.events if each.key == order_id]

    def reasons(self, order_id: UUID) -> list[str]:
        """What its history tells."""
        return [line.cause.reason for line in self.order(order_id).history]

    def available(self, order_id: UUID) -> int:
        """How many units of its first variant can be bought."""
        return self.inventory.available(self.order(order_id).placed.lines[0].variant_id)


def unknown() -> UUID:
    """The id of nothing."""
    return new_id()


__all__ = ["BUYER", "LEASE", "PRICE", "STAFF", "RejectingPayments", "Room", "now", "unknown"]
