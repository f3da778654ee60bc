"""Forgets a buyer's card."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.rejections import MethodNotFound


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    """A card of a user."""

    user_id: UUID
    method_id: UUID


async def remove_method(command: RemoveMethod, work: PaymentsWork) -> UUID:
    """Its id; when it was the default, the one that was added last becomes it.

    Raises:
        MethodNotFound: also for somebody else's, and for all but one of those who remove it at the same time.
        Unavailable: when the provider has no answer; the card is still there, repeat it.
    """
    method = await work.methods.of_user(command.user_id, command.method_id)
    if method is None:
        raise MethodNotFound
    await work.vault.remove(method.reference)
    await work.transaction(lambda step: _removed(command, step))
    return command.method_id


async def _removed(command: RemoveMethod, work: PaymentsWork) -> None:
    await work.methods.lock(command.user_id)
    if not await work.methods.remove(command.method_id):
        raise MethodNotFound
    await work.methods.ensure_default(command.user_id)
