"""The books that are held against each other: payments as we have them, orders and stock as the others have them.

Amounts are in the currency's minor unit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from subgraphs.payments.domain.status import PaymentStatus


@dataclass(frozen=True, slots=True)
class Books:
    """A payment as we have it: the row, and what the ledger's accounts say of it."""

    payment_id: UUID
    order_id: UUID
    provider: str
    reference: str | None
    status: PaymentStatus
    currency: str
    amount_minor: int
    held_minor: int
    captured_minor: int
    refunded_minor: int
    disputed_minor: int
    ledger: Mapping[str, int]
    is_settled: bool
    attempt: int = 1
    paid_outside_minor: int = 0

    @property
    def lost_minor(self) -> int:
        """What banks decided against us: the buyer has it for good."""
        return self.ledger.get("charged_back", 0)

    @property
    def kept_minor(self) -> int:
        """What was taken and is not back at the buyer, nor with a bank that has yet to decide."""
        return max(self.captured_minor - self.refunded_minor - self.paid_outside_minor - self.disputed_minor, 0)

    @property
    def back_minor(self) -> int:
        """What the buyer has back for good of what was taken:
        provider, shop and bank may each have given the same back.
        """
        return min(self.refunded_minor + self.paid_outside_minor + self.lost_minor, self.captured_minor)


@dataclass(frozen=True, slots=True)
class OrderBooks:
    """An order's payments, one an attempt, the first attempt's first; never empty."""

    order_id: UUID
    payments: Sequence[Books]

    @property
    def is_settled(self) -> bool:
        """Whether none of them is under way."""
        return all(books.is_settled for books in self.payments)


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A line as orders has it; ``kept_out`` are units of a cancelled order that don't come back into stock.

    ``waiting`` are units that are still to come, as here as in ``StockRecord``.
    """

    quantity: int
    restocked: int
    kept_out: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """An order as orders has it; ``is_settled`` when nothing of it is under way.
    ``attempt``: how often it was tried.
    """

    order_id: UUID
    status: str
    currency: str
    total_minor: int
    refunded_minor: int
    is_captured: bool
    needs_attention: bool
    is_settled: bool
    lines: Mapping[str, LineRecord]
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class StockRecord:
    """A line as inventory has it, in units."""

    held: int
    sold: int
    returned: int
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class ReservationRecord:
    """An order as inventory has it."""

    order_id: UUID
    is_settled: bool
    lines: Mapping[str, StockRecord]
