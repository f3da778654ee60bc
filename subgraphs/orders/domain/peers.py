"""What an order needs of other subgraphs. Every call may be repeated: it has one effect and one answer for an order and
step.

All raise ``ServiceError``: Unavailable when the outcome is unknown, another one when the other side rejected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from subgraphs.orders.domain.cancellation import Shortage
from subgraphs.orders.domain.fulfilment import Settlement
from subgraphs.orders.domain.order import PlacedOrder
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import Reserved, WaitingUnits


@dataclass(frozen=True, slots=True)
class Authorized:
    """The amount is held on the buyer's account."""


@dataclass(frozen=True, slots=True)
class Captured:
    """The money was taken."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider said no; ``message`` is for the buyer."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RequiresAction:
    """The buyer must authenticate (3-D Secure) or approve first; the same question gets another answer then."""


class Inventory(Protocol):
    """Holds and sells units, for each attempt at an order by itself."""

    async def reserve(self, order: PlacedOrder) -> Reserved | Sequence[Shortage]:
        """Holds all of an order's lines, or none of them and answers what is missing."""

    async def commit(self, order_id: UUID, attempt: int = 1) -> Sequence[WaitingUnits] | None:
        """Sells the held units; None when the hold had expired, the units are gone and nothing was sold.

        Answers what is still to come where the hold had expired and the units were taken anew; else nothing of it
        changed.
        """

    async def release(self, order_id: UUID, attempt: int = 1) -> None:
        """Releases held units; nothing can be held for this attempt afterwards. Sold units are rejected."""

    async def return_cancelled(self, order_id: UUID, units: Sequence[Units], attempt: int = 1) -> None:
        """Puts the units of a cancelled order back into stock."""

    async def return_units(
        self, refund_id: UUID, order_id: UUID, units: Sequence[Units], is_restocking: bool = True, attempt: int = 1
    ) -> Sequence[WaitingUnits]:
        """Puts the units that a refund is for back into stock, if they go there; answers the lines that wait for fewer
        now.

        Those that never came are waited for no longer, wherever the others go.
        """


class Payments(Protocol):
    """Holds and takes money, for each attempt at an order by itself."""

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        """Holds the order's total on the buyer's account."""

    async def capture(self, order_id: UUID, attempt: int = 1) -> Captured | Declined:
        """Takes what is held."""

    async def void(self, order_id: UUID, attempt: int = 1) -> None:
        """Lets go what is held; nothing can be held for this attempt afterwards. Taken money is rejected."""

    async def refund(
        self, refund_id: UUID, order_id: UUID, amount_minor: int, attempt: int = 1, times_back: int = 0
    ) -> None:
        """Refunds taken money, once for a refund's id, and once more each time that it came back."""

    async def refund_remaining(self, refund_id: UUID, order_id: UUID, attempt: int = 1) -> int:
        """Refunds all that the provider still has and no bank took back, once for a refund's id.

        Answers how much that was, in the currency's minor unit; 0 when nothing was left.
        """

    async def settle(
        self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1, times_back: int = 0
    ) -> None:
        """Books a refund as ``refund`` does, which the shop has paid outside of the provider."""

    async def settle_remaining(self, refund_id: UUID, order_id: UUID, settlement: Settlement, attempt: int = 1) -> int:
        """Books all that remains as ``refund_remaining`` does, which the shop has paid outside of the provider.

        What is less than what remains is rejected.
        """
