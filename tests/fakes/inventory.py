"""Inventory in memory, for tests of those who command it. The same contract tests hold for it and for the real one."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from shared.errors import FailedPrecondition, NotFound
from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import Reserved, WaitingUnits


class FakeInventory:
    """Keeps units, holds and sales in dictionaries. It knows no back-orders: nothing that it holds is still to come."""

    def __init__(self) -> None:
        self._available: Counter[UUID] = Counter()
        self._attempts: dict[UUID, int] = {}  # by order, as its state: the last one that reserved or released
        self._states: dict[UUID, str] = {}
        self._orders: dict[UUID, PlacedOrder] = {}
        self._unsold: dict[UUID, Counter[UUID]] = {}  # by order, of each line: the units that were not returned yet
        self._answers: dict[tuple[UUID, int], Sequence[Shortage]] = {}
        self._returned: set[str] = set()

    def put_in_stock(self, variant_id: UUID, units: int) -> None:
        """Makes units available."""
        self._available[variant_id] += units

    def available(self, variant_id: UUID) -> int:
        """How many can be bought."""
        return self._available[variant_id]

    def expire(self, order_id: UUID) -> None:
        """Ends the hold of an order."""
        self._release(order_id, "EXPIRED")

    async def reserve(self, order: PlacedOrder) -> Reserved | Sequence[Shortage]:
        if (order.id, order.attempt) in self._answers:
            return self._answers[order.id, order.attempt] or Reserved([])
        if order.attempt <= self._attempts.get(order.id, 0) or self._has_units(order.id):
            raise FailedPrecondition("The order has a reservation already, or had one that was released.")
        wanted = _units_of(order)
        shortages = [
            Shortage(line.id, wanted[line.variant_id], self._available[line.variant_id])
            for line in order.lines
            if wanted[line.variant_id] > self._available[line.variant_id]
        ]
        if not shortages:
            self._available -= wanted
            self._states[order.id], self._orders[order.id], self._attempts[order.id] = "HELD", order, order.attempt
        self._answers[order.id, order.attempt] = shortages
        return shortages or Reserved([])

    async def commit(self, order_id: UUID, attempt: int = 1) -> Sequence[WaitingUnits] | None:
        self._check(order_id, attempt)
        match self._states.get(order_id):
            case None:
                raise NotFound("The order has no reservation.")
            case "RELEASED":
                raise FailedPrecondition("The reservation was released.")
            case "EXPIRED" if not self._takes_again(order_id):
                return None
        self._states[order_id] = "COMMITTED"
        self._unsold[order_id] = Counter({line.id: line.quantity for line in self._orders[order_id].lines})
        return []

    async def release(self, order_id: UUID, attempt: int = 1) -> None:
        if attempt < self._attempts.get(order_id, 1):
            return
        is_later = attempt > self._attempts.get(order_id, attempt)
        if self._states.get(order_id) == "COMMITTED" and not (is_later and not self._has_units(order_id)):
            raise FailedPrecondition("Sold units can't be released; return them.")
        self._release(order_id, "RELEASED")
        self._attempts[order_id] = attempt

    async def return_cancelled(self, order_id: UUID, units: Sequence[Units], attempt: int = 1) -> None:
        await self.return_units(order_id, order_id, units, attempt=attempt)

    async def return_units(
        self, refund_id: UUID, order_id: UUID, units: Sequence[Units], is_restocking: bool = True, attempt: int = 1
    ) -> Sequence[WaitingUnits]:
        self._check(order_id, attempt)
        self._return(f"{refund_id}:restock:{attempt}", order_id, units if is_restocking else ())
        return []

    def _check(self, order_id: UUID, attempt: int) -> None:
        if attempt < self._attempts.get(order_id, 1):
            raise FailedPrecondition("This attempt is over.")
        if attempt > self._attempts.get(order_id, attempt):
            raise NotFound("This attempt has no reservation.")

    def _has_units(self, order_id: UUID) -> bool:
        state = self._states.get(order_id)
        return state == "HELD" or (state == "COMMITTED" and self._unsold[order_id].total() > 0)

    def _return(self, key: str, order_id: UUID, units: Sequence[Units]) -> None:
        if key in self._returned:
            return
        sold = self._sold(order_id)
        if any(its.quantity > sold[its.line_id] for its in units):
            raise FailedPrecondition("More than was sold and not returned yet.")
        variants = {line.id: line.variant_id for line in self._orders[order_id].lines}
        for its in units:
            sold[its.line_id] -= its.quantity
            self._available[variants[its.line_id]] += its.quantity
        self._returned.add(key)

    def _sold(self, order_id: UUID) -> Counter[UUID]:
        if self._states.get(order_id) != "COMMITTED":
            raise FailedPrecondition("Nothing was sold.")
        return self._unsold[order_id]

    def _takes_again(self, order_id: UUID) -> bool:
        wanted = _units_of(self._orders[order_id])
        if any(self._available[variant] < units for variant, units in wanted.items()):
            return False
        self._available -= wanted
        return True

    def _release(self, order_id: UUID, state: str) -> None:
        if self._states.get(order_id) == "HELD":
            self._available.update(_units_of(self._orders[order_id]))
        self._states[order_id] = state


def _units_of(order: PlacedOrder) -> Counter[UUID]:
    wanted: Counter[UUID] = Counter()
    for line in order.lines:
        wanted[line.variant_id] += line.quantity
    return wanted
