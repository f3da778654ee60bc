"""Follows the events of payments: an order that waits for its buyer goes on at once when the buyer has acted."""

from uuid import UUID

from shared.events.handlers import Payload
from subgraphs.orders.infrastructure.sagas import wake


class PaymentChanged(Payload):
    """Something became of an order's payment."""

    order_id: UUID


async def follow_payment(event: PaymentChanged) -> None:
    """Has the order ask payments now: what it answers counts, not the event."""
    await wake(event.order_id)
