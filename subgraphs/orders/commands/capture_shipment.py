"""The saga of a shipment whose order's money is taken first: then the parcel leaves, or it must not."""

import logging

from shared.persistence import db
from subgraphs.orders.commands.run_saga import Following, fenced, leave_to_a_person
from subgraphs.orders.commands.send_parcel import send_parcel
from subgraphs.orders.commands.try_step import Attempt, capture, unless_refused
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.fulfilment import SHIPMENT_TRANSITIONS, Saga, Step
from subgraphs.orders.domain.ports import Payments
from subgraphs.orders.domain.shipment import ShipmentStatus
from subgraphs.orders.infrastructure.disputes import hold_on
from subgraphs.orders.infrastructure.moves import lock_order
from subgraphs.orders.infrastructure.sagas import finish
from subgraphs.orders.infrastructure.shipments import (
    end_authorization,
    set_captured,
    set_shipment_status,
    shipment_by_id,
)

logger = logging.getLogger(__name__)


class ShipmentSteps:
    """Takes the money of an order with its first parcel."""

    transitions = SHIPMENT_TRANSITIONS

    def __init__(self, payments: Payments) -> None:
        self._payments = payments

    async def attempt(self, saga: Saga) -> Attempt:
        """Takes the money.

        Raises:
            ServiceError: when the outcome is unknown.
        """
        return await unless_refused(saga, capture(saga, self._payments))

    async def record(self, saga: Saga, attempt: Attempt, step: Step) -> Following:
        """Records that the parcel left, or that it must not."""
        async with db.transaction():
            order = await lock_order(saga.order.id)
            assert order is not None
            hold = await hold_on(order.id)
            if step is Step.STUCK:
                await _refuse(saga, attempt)
            elif step is Step.FAILED:
                await _decline(saga, attempt)
            elif hold:
                await _keep_back(saga, hold)
            else:
                await _send(saga)
        return None


async def _send(saga: Saga) -> None:
    if not await finish(saga, Step.DONE):
        fenced(saga)
        return
    found = await shipment_by_id(saga.id)
    assert found is not None, f"the saga of shipment {saga.id} has lost it"
    await set_captured(saga.order.id)
    await set_shipment_status(saga.id, ShipmentStatus.SHIPPED)
    await send_parcel(saga.order.id, found.shipment)


async def _decline(saga: Saga, attempt: Attempt) -> None:
    if await _give_up(saga):
        await end_authorization(saga.order.id, attempt.error or str(attempt.outcome))


async def _keep_back(saga: Saga, hold: Hold) -> None:
    """The order is paid now and held; what was packed is sent in another parcel, when the bank has decided for the shop."""
    if await _give_up(saga):
        logger.warning("order %s: a parcel is kept back. %s", saga.order.number, hold.message)
        await set_captured(saga.order.id)


async def _give_up(saga: Saga) -> bool:
    if not await finish(saga, Step.FAILED):
        fenced(saga)
        return False
    await set_shipment_status(saga.id, ShipmentStatus.REFUSED)
    return True


async def _refuse(saga: Saga, attempt: Attempt) -> None:
    if await leave_to_a_person(saga, attempt):
        await set_shipment_status(saga.id, ShipmentStatus.REFUSED)
