"""A unit of work of orders in memory."""

import copy
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from shared.events.event import Recorder
from shared.ids import derived_id
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.guest import Guest, OrderTokens
from subgraphs.orders.domain.peers import Inventory, Payments
from subgraphs.orders.domain.ports import OrdersWork
from tests.fakes.inventory import FakeInventory
from tests.fakes.orders.orders import OrdersTwin
from tests.fakes.orders.refunds import RefundsTwin
from tests.fakes.orders.rows import Tables, now
from tests.fakes.orders.sagas import SagasTwin
from tests.fakes.orders.shipments import DisputesTwin, ShipmentsTwin
from tests.fakes.payments import FakePayments

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")


class ReportsTwin:
    """The port Reports: counts what was reported."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def placed(self) -> None:
        self.seen["placed"] += 1

    def ended(self, step: Step, seconds: float) -> None:
        self.seen[f"ended {step}"] += 1

    def retried(self, step: Step) -> None:
        self.seen[f"retried {step}"] += 1

    def stuck(self, kind: Kind) -> None:
        self.seen[f"stuck {kind}"] += 1

    def fenced(self) -> None:
        self.seen["fenced"] += 1


class OrderTokensTwin:
    """The port OrderTokens: who holds an order's token is said by its id, and the token by its holder's."""

    def issue(self, order_id: UUID) -> Guest:
        return Guest(derived_id(order_id, "guest"), now() + timedelta(days=90))

    def of(self, order_id: UUID, guest: Guest) -> str | None:
        return str(guest.id) if guest.token_expires_at > now() else None


class OrdersTwinWork:
    """What performs handlers with the twins: one that fails leaves everything as it was, but for other subgraphs."""

    def __init__(self, inventory: Inventory | None = None, payments: Payments | None = None) -> None:
        self.inventory: Inventory = inventory or FakeInventory()
        self.payments: Payments = payments or FakePayments()
        self.reports = ReportsTwin()
        self.tokens: OrderTokens = OrderTokensTwin()
        self.events = Recorder()
        self.tables = Tables()
        self._on(self.tables)

    def _on(self, tables: Tables) -> None:
        self.tables = tables
        self.carts, self.orders, self.refunds = tables.carts, OrdersTwin(tables, self.events), RefundsTwin(tables)
        self.shipments, self.disputes, self.sagas = ShipmentsTwin(tables), DisputesTwin(tables), SagasTwin(tables)

    async def perform(self, handler: Callable[[Command, OrdersWork], Awaitable[Outcome]], command: Command) -> Outcome:
        """What the handler answers."""
        tables, events = copy.deepcopy(self.tables), [*self.events.events]
        try:
            return await handler(command, self)
        except BaseException:
            self._on(tables)
            self.events.events[:] = events
            raise

    async def perform_alone(
        self, handler: Callable[[Command, OrdersWork], Awaitable[Outcome]], command: Command
    ) -> Outcome:
        """The same without a transaction: what was done before it failed stays done."""
        return await handler(command, self)

    async def transaction(self, step: Callable[[OrdersWork], Awaitable[Outcome]]) -> Outcome:
        """What a step answers."""

        async def handler(_: None, work: OrdersWork) -> Outcome:
            return await step(work)

        return await self.perform(handler, None)
