"""The saga of a shipment whose order's money is taken first: then the shipment leaves, or it must not."""

import logging

from subgraphs.orders.commands.leaving import leave
from subgraphs.orders.commands.locked import known_order
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.fulfilment import SHIPMENT_TRANSITIONS, Saga, Step
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.sagas.attempts import Attempt, unless_rejected
from subgraphs.orders.sagas.following import Ended, Following
from subgraphs.orders.sagas.forwards import capture
from subgraphs.orders.sagas.recording import finish, park

logger = logging.getLogger(__name__)


class ShipmentSteps:
    """Takes the money of an order with its first shipment."""

    transitions = SHIPMENT_TRANSITIONS

    async def attempt(self, saga: Saga, work: OrdersWork) -> Attempt:
        """Takes the money.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        return await unless_rejected(saga, capture(saga, work.payments))

    async def record(self, saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
        """Records that the shipment left, or that it must not."""
        return await work.transaction(lambda its: _record(saga, attempt, step, its))


async def _record(saga: Saga, attempt: Attempt, step: Step, work: OrdersWork) -> Following:
    order = await known_order(saga.order.id, work)
    hold = await work.disputes.hold(order.id)
    if step is Step.STUCK:
        await _stuck(saga, attempt, work)
    elif step is Step.FAILED:
        await _decline(saga, attempt, work)
    elif hold:
        await _keep_back(saga, hold, work)
    else:
        await _leave(saga, work)
    return Ended()


async def _leave(saga: Saga, work: OrdersWork) -> None:
    if not await finish(saga, Step.DONE, work):
        return
    found = await work.shipments.by_id(saga.id)
    assert found is not None, f"the saga of shipment {saga.id} has lost it"
    await work.orders.record_capture(saga.order.id)
    await work.shipments.set_status(saga.id, ShipmentStatus.SHIPPED)
    await leave(saga.order.id, found.shipment, work)


async def _decline(saga: Saga, attempt: Attempt, work: OrdersWork) -> None:
    if await _give_up(saga, work):
        await work.orders.end_authorization(saga.order.id, attempt.why)
        await work.shipments.end_stuck(saga.order.id)  # one that required intervention must not leave for good


async def _keep_back(saga: Saga, hold: Hold, work: OrdersWork) -> None:
    """The order is paid now and held; what was packed is shipped in another shipment, when the bank has decided for the
    shop.
    """
    if await _give_up(saga, work):
        logger.warning("order %s: a shipment is kept back. %s", saga.order.number, hold.message)
        await work.orders.record_capture(saga.order.id)


async def _give_up(saga: Saga, work: OrdersWork) -> bool:
    if not await finish(saga, Step.FAILED, work):
        return False
    await work.shipments.set_status(saga.id, ShipmentStatus.REFUSED)
    return True


async def _stuck(saga: Saga, attempt: Attempt, work: OrdersWork) -> None:
    if await park(saga, attempt, work):
        await work.shipments.set_status(saga.id, ShipmentStatus.REFUSED)
