"""Forgets buyers' cards, and chooses the one to offer first."""

from uuid import UUID

from shared.errors import UserErrors
from shared.persistence import db
from subgraphs.payments.domain.errors import method_not_found
from subgraphs.payments.domain.ports import CardVault
from subgraphs.payments.infrastructure import saved_methods as methods


async def remove_method(user_id: UUID, method_id: UUID | None, vault: CardVault) -> UUID:
    """Forgets a card; when it was the default, the one that was added last becomes it.

    Raises:
        UserErrors: PAYMENT_METHOD_NOT_FOUND, also for somebody else's, and for all but one of those who remove it at the same time.
        Unavailable: when the provider has no answer; the card is still there, repeat it.
    """
    method = await _own(user_id, method_id)
    await vault.remove(method.reference)
    async with db.transaction():
        await methods.lock_methods_of(user_id)
        if not await methods.delete_method(method.id):
            raise UserErrors(method_not_found())
        await methods.ensure_default(user_id)
    return method.id


async def set_default_method(user_id: UUID, method_id: UUID | None) -> UUID:
    """Makes a card the default.

    Raises:
        UserErrors: PAYMENT_METHOD_NOT_FOUND, also for somebody else's.
    """
    async with db.transaction():
        await methods.lock_methods_of(user_id)
        method = await _own(user_id, method_id)
        await methods.make_default(user_id, method.id)
        return method.id


async def _own(user_id: UUID, method_id: UUID | None) -> methods.SavedMethod:
    method = await methods.saved_method(method_id, user_id) if method_id else None
    if method is None:
        raise UserErrors(method_not_found())
    return method
