"""Shows an account the messages about an order that a guest placed and that is the account's by now."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.notifications.domain.ports import NotificationsWork


@dataclass(frozen=True, slots=True)
class AttachCustomer:
    """An order, and whose account it is in."""

    order_id: UUID
    user_id: UUID


async def attach_customer(command: AttachCustomer, work: NotificationsWork) -> None:
    """Those that there are; later ones are the account's from the beginning."""
    await work.messages.attach_customer(command.order_id, command.user_id)
