"""The events of users that orders reads; the contract is ``schema/events/users.yaml``."""

from collections.abc import Sequence
from uuid import UUID

from shared.events.handlers import EventHandler, Payload
from shared.persistence.work import UnitOfWork
from subgraphs.orders.commands.attach_guests import AttachGuests, attach_guests
from subgraphs.orders.domain.ports import OrdersWork

_TOPIC = "users.user.v1"


class EmailVerified(Payload):
    """An account has proved that its address is its."""

    user_id: UUID
    email: str


class UserEvents:
    """Each event becomes a command, which is a part of the transaction that remembers the event."""

    def __init__(self, work: UnitOfWork[OrdersWork]) -> None:
        self._work = work

    def handlers(self) -> Sequence[EventHandler]:
        """What is done with which event."""
        return (EventHandler(_TOPIC, "mercato.users.EmailVerified", EmailVerified, self._verified),)

    async def _verified(self, event: EmailVerified) -> None:
        await self._work.perform(attach_guests, AttachGuests(event.user_id, event.email))
