"""What audits need of the world: our own books and the others'."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from subgraphs.payments.domain.reconciliation import Difference
from subgraphs.payments.domain.records import Books, OrderBooks, OrderRecord, ReservationRecord


class OwnBooks(Protocol):
    """Payments' own books; ``settle_seconds`` is how long a payment must not have changed to be compared."""

    def by_order(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderBooks]:
        """The payments of all orders after this one, by order id."""

    async def of_references(
        self, provider: str, references: Sequence[str], settle_seconds: float
    ) -> Mapping[str, Books]:
        """The payments that have one of these references at their provider."""

    def begun_since(self, provider: str, since: datetime, settle_seconds: float) -> AsyncIterator[Books]:
        """A provider's payments begun since then."""


class OthersBooks(Protocol):
    """The books of orders and inventory. Any call may raise ``Unavailable``."""

    def orders(self, after: UUID, settle_seconds: float) -> AsyncIterator[OrderRecord]:
        """All orders after this one, by id."""

    def reservations(self, after: UUID, settle_seconds: float) -> AsyncIterator[ReservationRecord]:
        """What inventory has of all orders after this one, by order id."""

    async def stock_differences(self) -> Sequence[Difference]:
        """Where inventory's stock contradicts its own movements and reservations."""
