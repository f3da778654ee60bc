"""What the contract suite of payments' ports begins with."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.payment import Beginning, Payment
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, Intent, StoredCard
from subgraphs.payments.domain.refund import Refund, begun_refund
from subgraphs.payments.domain.status import PaymentStatus

AMOUNT = Money(1990, "EUR")
CARD = StoredCard("pm_1", "visa", "4242", 12, 2030, "number")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def beginning(order_id: UUID | None = None, attempt: int = 1, method: str = "pm_card") -> Beginning:
    return Beginning(order_id or new_id(), new_id(), "stripe", method, None, AMOUNT, "key", attempt)


def held(payment: Payment, **more: object) -> Intent:
    """The provider holds the amount."""
    intent = Intent(f"pi_{payment.id}", PaymentStatus.AUTHORIZED, payment.amount)
    return replace(intent, **more)  # type: ignore[arg-type]


async def begun(work: PaymentsWork, wanted: Beginning | None = None) -> Payment:
    async with work.leases.of_beginning(wanted or beginning()) as lease:
        return lease.payment


async def followed(work: PaymentsWork, status: PaymentStatus, wanted: Beginning | None = None) -> Payment:
    """A payment that the provider has in this status."""
    payment = await begun(work, wanted)
    recorded = await work.payments.record(payment, payment.follow(held(payment, status=status), NOW))
    assert recorded is not None
    return recorded


async def refund_of(work: PaymentsWork, payment: Payment, amount_minor: int = 500, key: str = "key") -> Refund:
    refund = begun_refund(key, amount_minor)
    await work.refunds.add(payment.id, refund)
    return refund


def told(payment: Payment, outcome: DisputeOutcome = DisputeOutcome.OPENED) -> Dispute:
    return Dispute("du_1", payment.reference, outcome, Money(700, "EUR"), 0, "fraudulent", NOW)


def known_dispute() -> KnownDispute:
    return KnownDispute(new_id(), DisputeOutcome.OPENED, 0, NOW)
