"""What is compared of all books, and what came of it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from subgraphs.payments.domain.reconciliation import Difference


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared: what began since then,
    without what changed less than ``settle_seconds`` ago or is under way.
    """

    since: datetime
    settle_seconds: float

    @property
    def first_order(self) -> UUID:
        """The id before all orders of this time:
        ids are UUIDv7 and begin with the milliseconds since the Unix epoch.
        """
        return UUID(int=int(self.since.timestamp() * 1000) << 80)


@dataclass(slots=True)
class Report:
    """How much was compared, and what differs."""

    orders: int = 0
    payments: int = 0
    reservations: int = 0
    at_providers: int = 0
    differences: list[Difference] = field(default_factory=list)
