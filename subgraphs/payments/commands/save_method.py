"""Keeps a buyer's card at the provider."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import UserErrors
from shared.persistence import db
from subgraphs.payments.domain.errors import malformed_method, method_refused, too_many_methods
from subgraphs.payments.domain.methods import MAX_SAVED_METHODS, STRIPE, UNKNOWN_METHOD, method_mistake
from subgraphs.payments.domain.ports import CardVault, Declined, StoredCard
from subgraphs.payments.infrastructure import saved_methods as methods


@dataclass(frozen=True, slots=True)
class NewMethod:
    """What a user asks to keep."""

    user_id: UUID
    method: str
    make_default: bool


async def save_method(wanted: NewMethod, vault: CardVault) -> UUID:
    """Answers the kept card's id. One whose number the user keeps already stays that one, with the new date of its end.

    Raises:
        UserErrors: INVALID, TOO_MANY_PAYMENT_METHODS, or PAYMENT_METHOD_REFUSED, also for somebody else's card.
        Unavailable: when the provider has no answer; repeat it.
    """
    mistake = method_mistake(wanted.method)
    if mistake is not None:
        raise UserErrors(malformed_method(mistake))
    known = await methods.saved_by_reference(STRIPE, wanted.method)
    if known is not None and known.user_id != wanted.user_id:
        raise UserErrors(method_refused(UNKNOWN_METHOD.message))
    customer = await _customer(wanted.user_id, vault)
    card = await _added(customer, wanted.method, vault)
    kept = await _keep(wanted, customer, card, vault)
    if kept.reference != card.reference:
        await _merge(kept, card, vault)
    return kept.id


async def _require_room(user_id: UUID) -> None:
    if await methods.count_methods(user_id) >= MAX_SAVED_METHODS:
        raise UserErrors(too_many_methods())


async def _customer(user_id: UUID, vault: CardVault) -> str:
    """The user at the provider; payments knows no e-mail addresses, and the provider needs none."""
    known = await methods.customer_reference_of(user_id, STRIPE)
    return known or await methods.keep_customer(user_id, STRIPE, await vault.customer(user_id, None))


async def _added(customer: str, method: str, vault: CardVault) -> StoredCard:
    try:
        return await vault.add(customer, method)
    except Declined as refusal:
        raise UserErrors(method_refused(refusal.decline.message)) from refusal


async def _merge(kept: methods.SavedMethod, card: StoredCard, vault: CardVault) -> None:
    """The number is kept once; what it was kept as first may have orders under way, so that this one goes. All may be repeated."""
    await vault.renew(kept.reference, card.expires_month, card.expires_year)
    await vault.remove(card.reference)
    await methods.renew_method(kept.id, card)


async def _keep(wanted: NewMethod, customer: str, card: StoredCard, vault: CardVault) -> methods.SavedMethod:
    """Others may have been kept while the provider was asked: the last one that finds no room is forgotten again."""
    try:
        async with db.transaction():
            await methods.lock_methods_of(wanted.user_id)
            kept = await methods.saved_by_reference(STRIPE, card.reference)
            kept = kept or await methods.saved_by_fingerprint(wanted.user_id, STRIPE, card.fingerprint)
            if kept is None:
                await _require_room(wanted.user_id)
                kept = await methods.insert_method(wanted.user_id, STRIPE, customer, card)
            if wanted.make_default:
                await methods.make_default(wanted.user_id, kept.id)
            await methods.ensure_default(wanted.user_id)
            return kept
    except UserErrors:
        await vault.remove(card.reference)
        raise
