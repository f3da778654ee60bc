"""Payments in memory, answering what a test tells it to."""

from uuid import UUID

from subgraphs.orders.domain.fulfilment import Settlement
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.peers import Authorized, Captured, Declined, RequiresAction


class FakePayments:
    """Notes what it is asked; ``failure`` is raised instead of every answer."""

    def __init__(
        self,
        authorization: Authorized | Declined | RequiresAction | None = None,
        capture: Captured | Declined | None = None,
        failure: Exception | None = None,
        remaining_minor: int = 0,
    ) -> None:
        self._authorization = authorization or Authorized()
        self._capture = capture or Captured()
        self._failure = failure
        self._remaining_minor = remaining_minor
        self.asked: list[str] = []

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        self._note(f"authorize {order.total_minor} {order.currency} by {payment_method_id}")
        return self._authorization

    async def capture(self, order_id: UUID, attempt: int = 1) -> Captured | Declined:
        self._note("capture")
        return self._capture

    async def void(self, order_id: UUID, attempt: int = 1) -> None:
        self._note("void")

    async def refund(
        self, refund_id: UUID, order_id: UUID, amount_minor: int, attempt: int = 1, times_back: int = 0
    ) -> None:
        self._note(f"refund {amount_minor}")

    async def refund_remaining(self, refund_id: UUID, order_id: UUID, attempt: int = 1) -> int:
        self._note("refund what remains")
        return self._remaining_minor

    async def settle(
        self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1, times_back: int = 0
    ) -> None:
        self._note(f"settle {settlement}")

    async def settle_remaining(self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1) -> int:
        self._note(f"settle what remains by {settlement}")
        return settlement.paid_minor

    def _note(self, question: str) -> None:
        self.asked.append(question)
        if self._failure:
            raise self._failure
