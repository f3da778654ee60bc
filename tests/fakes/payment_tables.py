"""What payments keeps, in memory: the repositories of the fakes read and write the same ``Tables``."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.ledger import Movement
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Dispute, ProviderRefund
from subgraphs.payments.domain.refund import Refund
from tests.fakes.payment_methods import Card


@dataclass
class KeptRefund:
    """A refund's row; ``reference`` is the provider's, or how the shop has paid."""

    payment_id: UUID
    refund: Refund
    reference: str | None = None


@dataclass
class Tables:
    """Everything that is kept; disputes, failures and notices by what they are known by."""

    payments: dict[UUID, Payment] = field(default_factory=dict)
    leases: dict[UUID, UUID] = field(default_factory=dict)
    movements: list[tuple[UUID, Movement]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    refunds: dict[UUID, KeptRefund] = field(default_factory=dict)
    failures: dict[tuple[UUID, str], ProviderRefund] = field(default_factory=dict)
    disputes: dict[tuple[UUID, str], tuple[KnownDispute, Dispute]] = field(default_factory=dict)
    notices: dict[tuple[str, str], tuple[Notice, NoticeOutcome]] = field(default_factory=dict)
    looks: dict[str, datetime] = field(default_factory=dict)
    cards: dict[UUID, Card] = field(default_factory=dict)
    accounts: dict[UUID, UUID] = field(default_factory=dict)
    customers: dict[tuple[UUID, str], str] = field(default_factory=dict)

    def of_attempt(self, order_id: UUID, order_attempt: int) -> Payment | None:
        """The payment of an attempt at an order."""
        attempts = (each for each in self.payments.values() if each.order_id == order_id)
        return next((each for each in attempts if each.order_attempt == order_attempt), None)
