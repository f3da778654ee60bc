"""Orders' handlers and sagas, performed in this process on its database as the entrypoints have them performed."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared.json import dumps
from shared.persistence.work import Once, UnitOfWork
from shared.postal.address import PostalAddress
from shared.security.secrets import Secret
from subgraphs.orders.bootstrap import unit_of_work
from subgraphs.orders.commands import place_order as placing
from subgraphs.orders.commands import wake_order as waking
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.fulfilment import CaptureTime, Kind, Saga, Times
from subgraphs.orders.domain.peers import Inventory, Payments
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.infrastructure.order_tokens import SecretOrderTokens
from subgraphs.orders.sagas import claiming
from subgraphs.orders.sagas.following import TurnEnd
from subgraphs.orders.sagas.order_steps import OrderSteps
from subgraphs.orders.sagas.refund_steps import RefundSteps
from subgraphs.orders.sagas.runner import RunSaga, SagaRunner
from subgraphs.orders.sagas.shipment_steps import ShipmentSteps
from tests.fakes.inventory import FakeInventory
from tests.fakes.payments import FakePayments

ADDRESS = PostalAddress("Ada Lovelace", "1 Analytical Way", None, None, "London", "GB", None)
NEVER = 3600.0
RUNNER = SagaRunner(
    {
        Kind.ORDER: OrderSteps(Times(NEVER, NEVER), CaptureTime.CONFIRMATION),
        Kind.REFUND: RefundSteps(NEVER),
        Kind.SHIPMENT: ShipmentSteps(),
    }
)
TOKENS = SecretOrderTokens(Secret("a secret of the tests"), 90)
WORK = unit_of_work(FakeInventory(), FakePayments(), TOKENS)


def work_with(inventory: Inventory, payments: Payments) -> UnitOfWork[OrdersWork]:
    """A unit of work that has these for the other subgraphs."""
    return unit_of_work(inventory, payments, TOKENS)


async def place_order(cart_id: UUID, customer_id: UUID, key: str) -> UUID:
    """Orders a cart."""
    checkout = Checkout(cart_id, "ada@example.com", ADDRESS, "pm_card_visa")
    once: Once[UUID, UUID] = Once(f"checkoutPlaceOrder:{customer_id}", key, dumps(str(cart_id)), str, UUID)
    return await WORK.perform_once(placing.place_order, placing.PlaceOrder(checkout, customer_id, 120), once)


async def wake_order(order_id: UUID) -> None:
    """Has an order that waits for its buyer looked at now."""
    await WORK.perform(waking.wake_order, waking.WakeOrder(order_id))


async def claim_due(worker: str, limit: int, lease_seconds: float) -> Sequence[Saga]:
    """Claims sagas for a worker."""
    return await WORK.perform_alone(claiming.claim_due, claiming.ClaimDue(worker, limit, lease_seconds))


async def run(saga: Saga, inventory: Inventory, payments: Payments) -> TurnEnd:
    """Has a claimed saga go on."""
    return await work_with(inventory, payments).perform_alone(RUNNER.run, RunSaga(saga, asyncio.Event()))
