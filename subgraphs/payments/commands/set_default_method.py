"""Chooses the card to offer a buyer first."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.rejections import MethodNotFound


@dataclass(frozen=True, slots=True)
class SetDefaultMethod:
    """A card of a user."""

    user_id: UUID
    method_id: UUID


async def set_default_method(command: SetDefaultMethod, work: PaymentsWork) -> UUID:
    """The card's id. Raises MethodNotFound, also for somebody else's."""
    await work.methods.lock(command.user_id)
    method = await work.methods.of_user(command.user_id, command.method_id)
    if method is None:
        raise MethodNotFound
    await work.methods.make_default(command.user_id, method.id)
    return method.id
