"""Inventory in memory, for tests of those who command it. The same contract tests hold for it and for the real one."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from shared.errors import FailedPrecondition, NotFound
from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.order import PlacedOrder


class FakeInventory:
    """Keeps pieces, holds and sales in dictionaries."""

    def __init__(self) -> None:
        self._available: Counter[UUID] = Counter()
        self._states: dict[UUID, str] = {}
        self._holds: dict[UUID, Counter[UUID]] = {}
        self._answers: dict[UUID, Sequence[Shortage]] = {}

    def put_in_stock(self, variant_id: UUID, pieces: int) -> None:
        """Makes pieces available."""
        self._available[variant_id] += pieces

    def available(self, variant_id: UUID) -> int:
        """How many can be bought."""
        return self._available[variant_id]

    def expire(self, order_id: UUID) -> None:
        """Ends the hold of an order."""
        self._give_back(order_id, "EXPIRED")

    async def reserve(self, order: PlacedOrder) -> Sequence[Shortage]:
        if order.id in self._answers:
            return self._answers[order.id]
        if order.id in self._states:
            raise FailedPrecondition("The order has a reservation already, or had one that was released.")
        wanted: Counter[UUID] = Counter()
        for line in order.lines:
            wanted[line.variant_id] += line.quantity
        shortages = [
            Shortage(line.id, wanted[line.variant_id], self._available[line.variant_id])
            for line in order.lines
            if wanted[line.variant_id] > self._available[line.variant_id]
        ]
        if not shortages:
            self._available -= wanted
            self._states[order.id], self._holds[order.id] = "HELD", wanted
        self._answers[order.id] = shortages
        return shortages

    async def commit(self, order_id: UUID) -> bool:
        match self._states.get(order_id):
            case None:
                raise NotFound("The order has no reservation.")
            case "RELEASED":
                raise FailedPrecondition("The reservation was released.")
            case "EXPIRED":
                return False
        self._states[order_id] = "COMMITTED"
        return True

    async def release(self, order_id: UUID) -> None:
        if self._states.get(order_id) == "COMMITTED":
            raise FailedPrecondition("Sold pieces can't be released.")
        self._give_back(order_id, "RELEASED")

    def _give_back(self, order_id: UUID, state: str) -> None:
        self._available.update(self._holds.pop(order_id, Counter()))
        self._states[order_id] = state
