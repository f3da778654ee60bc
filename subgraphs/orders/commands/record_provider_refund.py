"""Books what somebody refunded at the payment provider itself."""

from dataclasses import dataclass
from uuid import UUID

from shared.runtime.faults import fault_point
from subgraphs.orders.commands.booking import book_elsewhere
from subgraphs.orders.commands.locked import paid_order
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import RefundSource


@dataclass(frozen=True, slots=True)
class RecordProviderRefund:
    """So much, in the currency's minor unit, of an attempt at an order."""

    order_id: UUID
    attempt: int
    amount_minor: int


async def record_provider_refund(command: RecordProviderRefund, work: OrdersWork) -> None:
    """What was refunded because orders asked for it is booked by the saga that asked, and not by this."""
    order = await paid_order(command.order_id, command.attempt, work)
    if order is None:
        return
    await fault_point("orders.ELSEWHERE.before")
    reason = "given back at the payment provider"
    await book_elsewhere(order, command.amount_minor, RefundSource.PROVIDER, reason, work)
    await fault_point("orders.ELSEWHERE.after")
