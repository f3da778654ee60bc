"""Shows an account the payments of an order that a guest placed and that is the account's by now."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.ports import PaymentsWork


@dataclass(frozen=True, slots=True)
class AttachCustomer:
    """An order, and whose account it is in."""

    order_id: UUID
    user_id: UUID


async def attach_customer(command: AttachCustomer, work: PaymentsWork) -> None:
    """Payments stay the guest's, too, those to come among them: who pays is the same for as long as the order is."""
    await work.payments.attach_customer(command.order_id, command.user_id)
