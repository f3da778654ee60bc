"""Inventory in memory, for tests of those who command it. The same contract tests hold for it and for the real one."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from shared.errors import FailedPrecondition, NotFound
from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.waiting import Reserved, WaitingPieces


class FakeInventory:
    """Keeps pieces, holds and sales in dictionaries. It knows no back-orders: nothing that it holds is still to come."""

    def __init__(self) -> None:
        self._available: Counter[UUID] = Counter()
        self._attempts: dict[UUID, int] = {}  # by order, as its state: the last one that reserved or released
        self._states: dict[UUID, str] = {}
        self._orders: dict[UUID, PlacedOrder] = {}
        self._unsold: dict[UUID, Counter[UUID]] = {}  # by order, of each line: the pieces that were not returned yet
        self._answers: dict[tuple[UUID, int], Sequence[Shortage]] = {}
        self._returned: set[str] = set()

    def put_in_stock(self, variant_id: UUID, pieces: int) -> None:
        """Makes pieces available."""
        self._available[variant_id] += pieces

    def available(self, variant_id: UUID) -> int:
        """How many can be bought."""
        return self._available[variant_id]

    def expire(self, order_id: UUID) -> None:
        """Ends the hold of an order."""
        self._give_back(order_id, "EXPIRED")

    async def reserve(self, order: PlacedOrder) -> Reserved | Sequence[Shortage]:
        if (order.id, order.attempt) in self._answers:
            return self._answers[order.id, order.attempt] or Reserved([])
        if order.attempt <= self._attempts.get(order.id, 0) or self._has_pieces(order.id):
            raise FailedPrecondition("The order has a reservation already, or had one that was released.")
        wanted = _pieces_of(order)
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

    async def commit(self, order_id: UUID, attempt: int = 1) -> Sequence[WaitingPieces] | None:
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
        if self._states.get(order_id) == "COMMITTED" and not (is_later and not self._has_pieces(order_id)):
            raise FailedPrecondition("Sold pieces can't be released; return them.")
        self._give_back(order_id, "RELEASED")
        self._attempts[order_id] = attempt

    async def return_cancelled(self, order_id: UUID, pieces: Sequence[Pieces], attempt: int = 1) -> None:
        await self.return_pieces(order_id, order_id, pieces, attempt=attempt)

    async def return_pieces(
        self, refund_id: UUID, order_id: UUID, pieces: Sequence[Pieces], is_restocking: bool = True, attempt: int = 1
    ) -> Sequence[WaitingPieces]:
        self._check(order_id, attempt)
        self._return(f"{refund_id}:restock:{attempt}", order_id, pieces if is_restocking else ())
        return []

    def _check(self, order_id: UUID, attempt: int) -> None:
        if attempt < self._attempts.get(order_id, 1):
            raise FailedPrecondition("This attempt is over.")
        if attempt > self._attempts.get(order_id, attempt):
            raise NotFound("This attempt has no reservation.")

    def _has_pieces(self, order_id: UUID) -> bool:
        state = self._states.get(order_id)
        return state == "HELD" or (state == "COMMITTED" and self._unsold[order_id].total() > 0)

    def _return(self, key: str, order_id: UUID, pieces: Sequence[Pieces]) -> None:
        if key in self._returned:
            return
        sold = self._sold(order_id)
        if any(piece.quantity > sold[piece.line_id] for piece in pieces):
            raise FailedPrecondition("More than was sold and not returned yet.")
        variants = {line.id: line.variant_id for line in self._orders[order_id].lines}
        for piece in pieces:
            sold[piece.line_id] -= piece.quantity
            self._available[variants[piece.line_id]] += piece.quantity
        self._returned.add(key)

    def _sold(self, order_id: UUID) -> Counter[UUID]:
        if self._states.get(order_id) != "COMMITTED":
            raise FailedPrecondition("Nothing was sold.")
        return self._unsold[order_id]

    def _takes_again(self, order_id: UUID) -> bool:
        wanted = _pieces_of(self._orders[order_id])
        if any(self._available[variant] < pieces for variant, pieces in wanted.items()):
            return False
        self._available -= wanted
        return True

    def _give_back(self, order_id: UUID, state: str) -> None:
        if self._states.get(order_id) == "HELD":
            self._available.update(_pieces_of(self._orders[order_id]))
        self._states[order_id] = state


def _pieces_of(order: PlacedOrder) -> Counter[UUID]:
    wanted: Counter[UUID] = Counter()
    for line in order.lines:
        wanted[line.variant_id] += line.quantity
    return wanted
