"""Buyers' cards in memory, and the vault that keeps them at a provider."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import UUID

from shared.ids import new_id
from subgraphs.payments.domain.methods import UNKNOWN_METHOD, SavedMethod
from subgraphs.payments.domain.provider import DeclinedError, StoredCard

if TYPE_CHECKING:
    from tests.fakes.payment_tables import Tables


@dataclass
class Card:
    """A kept card."""

    method: SavedMethod
    card: StoredCard


@dataclass
class MethodsTwin:
    """Cards in the order in which they were added."""

    tables: "Tables"

    async def lock(self, user_id: UUID) -> None:
        """Nobody else is there."""

    async def of_user(self, user_id: UUID, method_id: UUID) -> SavedMethod | None:
        return next((each for each in self._of(user_id) if each.id == method_id), None)

    async def by_reference(self, provider: str, reference: str) -> SavedMethod | None:
        kept = (card.method for card in self.tables.cards.values())
        return next((each for each in kept if (each.provider, each.reference) == (provider, reference)), None)

    async def by_fingerprint(self, user_id: UUID, provider: str, fingerprint: str | None) -> SavedMethod | None:
        for kept in self.tables.cards.values():
            is_theirs = (kept.method.user_id, kept.method.provider) == (user_id, provider)
            if is_theirs and fingerprint is not None and kept.card.fingerprint == fingerprint:
                return kept.method
        return None

    async def count(self, user_id: UUID) -> int:
        return len(self._of(user_id))

    async def add(self, user_id: UUID, provider: str, customer_reference: str, card: StoredCard) -> SavedMethod:
        kept = await self.by_reference(provider, card.reference)
        if kept is None:
            kept = SavedMethod(new_id(), user_id, provider, card.reference, customer_reference, is_default=False)
            self.tables.cards[kept.id] = Card(kept, card)
        return kept

    async def renew(self, method_id: UUID, card: StoredCard) -> None:
        kept = self.tables.cards[method_id]
        kept.card = replace(kept.card, expires_month=card.expires_month, expires_year=card.expires_year)

    async def remove(self, method_id: UUID) -> bool:
        return self.tables.cards.pop(method_id, None) is not None

    async def make_default(self, user_id: UUID, method_id: UUID) -> None:
        for method in self._of(user_id):
            self.tables.cards[method.id].method = replace(method, is_default=method.id == method_id)

    async def ensure_default(self, user_id: UUID) -> None:
        methods = self._of(user_id)
        if methods and not any(method.is_default for method in methods):
            await self.make_default(user_id, methods[-1].id)

    async def customer_reference(self, user_id: UUID, provider: str) -> str | None:
        return self.tables.customers.get((user_id, provider))

    async def keep_customer(self, user_id: UUID, provider: str, reference: str) -> str:
        return self.tables.customers.setdefault((user_id, provider), reference)

    def _of(self, user_id: UUID) -> Sequence[SavedMethod]:
        return [card.method for card in self.tables.cards.values() if card.method.user_id == user_id]


@dataclass
class VaultTwin:
    """Keeps every card but those that are ``unknown``; the number of one is its reference up to a point."""

    unknown: set[str] = field(default_factory=set)
    kept: dict[str, StoredCard] = field(default_factory=dict)
    failure: Exception | None = None

    async def customer(self, user_id: UUID, email: str | None) -> str:
        return f"cus_{user_id}"

    async def add(self, customer_reference: str, method: str) -> StoredCard:
        self._answer()
        if method in self.unknown:
            raise DeclinedError(UNKNOWN_METHOD)
        number = method.partition(".")[0]
        self.kept[method] = StoredCard(method, "visa", "4242", 12, 2030 + len(self.kept), number)
        return self.kept[method]

    async def renew(self, reference: str, expires_month: int, expires_year: int) -> None:
        if reference in self.kept:
            renewed = replace(self.kept[reference], expires_month=expires_month, expires_year=expires_year)
            self.kept[reference] = renewed

    async def remove(self, reference: str) -> None:
        self._answer()
        self.kept.pop(reference, None)

    def _answer(self) -> None:
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
