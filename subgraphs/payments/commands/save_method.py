"""Keeps a buyer's card at the provider."""

from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.methods import MAX_SAVED_METHODS, STRIPE, UNKNOWN_METHOD, SavedMethod
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import CardVault, DeclinedError, StoredCard
from subgraphs.payments.domain.rejections import MethodDeclined, TooManyMethods


@dataclass(frozen=True, slots=True)
class SaveMethod:
    """What a user asks to keep; ``method`` may be a provider's id."""

    user_id: UUID
    method: str
    make_default: bool


async def save_method(command: SaveMethod, work: PaymentsWork) -> UUID:
    """The kept card's id. One whose number the user keeps already stays that one, with the new date of its end.

    Raises:
        TooManyMethods
        MethodDeclined: also for somebody else's card.
        Unavailable: when the provider has no answer; repeat it.
    """
    known = await work.methods.by_reference(STRIPE, command.method)
    if known is not None and known.user_id != command.user_id:
        raise MethodDeclined(UNKNOWN_METHOD.message)
    customer = await _customer(command.user_id, work)
    card = await _added(customer, command.method, work.vault)
    kept = await _keep(command, customer, card, work)
    if kept.reference != card.reference:
        await _merge(kept, card, work)
    return kept.id


async def _customer(user_id: UUID, work: PaymentsWork) -> str:
    """The user at the provider; payments knows no e-mail addresses, and the provider needs none."""
    known = await work.methods.customer_reference(user_id, STRIPE)
    return known or await work.methods.keep_customer(user_id, STRIPE, await work.vault.customer(user_id, None))


async def _added(customer: str, method: str, vault: CardVault) -> StoredCard:
    try:
        return await vault.add(customer, method)
    except DeclinedError as no:
        raise MethodDeclined(no.decline.message) from no


async def _keep(command: SaveMethod, customer: str, card: StoredCard, work: PaymentsWork) -> SavedMethod:
    """Others may have been kept while the provider was asked: the last one that finds no room is forgotten again."""
    try:
        return await work.transaction(lambda step: _kept(command, customer, card, step))
    except TooManyMethods:
        await work.vault.remove(card.reference)
        raise


async def _kept(command: SaveMethod, customer: str, card: StoredCard, work: PaymentsWork) -> SavedMethod:
    user_id, methods = command.user_id, work.methods
    await methods.lock(user_id)
    kept = await methods.by_reference(STRIPE, card.reference)
    kept = kept or await methods.by_fingerprint(user_id, STRIPE, card.fingerprint)
    if kept is None:
        if await methods.count(user_id) >= MAX_SAVED_METHODS:
            raise TooManyMethods(MAX_SAVED_METHODS)
        kept = await methods.add(user_id, STRIPE, customer, card)
    if command.make_default:
        await methods.make_default(user_id, kept.id)
    await methods.ensure_default(user_id)
    return kept


async def _merge(kept: SavedMethod, card: StoredCard, work: PaymentsWork) -> None:
    """The number is kept once; what it was kept as first may have orders under way, so that this one goes.
    All may be repeated.
    """
    await work.vault.renew(kept.reference, card.expires_month, card.expires_year)
    await work.vault.remove(card.reference)
    await work.methods.renew(kept.id, card)
