"""Follows the events of payments: an order that waits for its buyer goes on at once when the buyer has acted, and what becomes of
its money at the provider itself is booked.

What was given back because orders asked for it is booked by the saga that asked, and what payments gives back because it came too
late was never the order's: only what somebody gave back at the provider is booked here.
"""

import logging
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.events.handlers import Payload
from shared.runtime.faults import fault_point
from subgraphs.orders.commands.book_refund import book_elsewhere
from subgraphs.orders.domain.refund import RefundSource
from subgraphs.orders.infrastructure.moves import LockedOrder, lock_order
from subgraphs.orders.infrastructure.sagas import wake

logger = logging.getLogger(__name__)


class Cause(StrEnum):
    """Who gave money back."""

    REQUESTED = "REQUESTED"
    OUTSIDE = "OUTSIDE"
    PROVIDER = "PROVIDER"
    LATE = "LATE"


class PaymentChanged(Payload):
    """Something became of the payment of an attempt at an order. Before there were several, events told none."""

    order_id: UUID
    attempt: int = 1


class PaymentRefunded(PaymentChanged):
    """Money was given back. Events of before tell no cause: then nobody noticed what was done at the provider."""

    amount_minor: int
    occurred_at: datetime
    cause: Cause = Cause.REQUESTED


async def follow_payment(event: PaymentChanged) -> None:
    """Has the order ask payments now: what it answers counts, not the event."""
    await wake(event.order_id)


async def follow_refund(event: PaymentRefunded) -> None:
    """Books what was given back at the provider itself."""
    if event.cause is not Cause.PROVIDER:
        return
    order = await paid_order(event)
    if order is not None:
        await fault_point("orders.ELSEWHERE.before")
        await book_elsewhere(order, event.amount_minor, RefundSource.PROVIDER, "given back at the payment provider")
        await fault_point("orders.ELSEWHERE.after")


async def paid_order(event: PaymentChanged) -> LockedOrder | None:
    """The order of a payment, locked; None, and a warning, for one that orders does not have, or that was tried again since.

    What becomes of the money of an earlier attempt is between payments and the provider: the order is paid by its last one.
    """
    order = await lock_order(event.order_id)
    if order is None:
        logger.warning("payments tells of order %s, which is unknown here", event.order_id)
        return None
    if event.attempt != order.attempt:
        logger.warning(
            "payments tells of attempt %s at order %s, which is at attempt %s", event.attempt, order.id, order.attempt
        )
        return None
    return order
