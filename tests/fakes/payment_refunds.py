"""Refunds, disputes, notices and looks in memory, as ``payment_ports.py`` has payments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from shared.ids import new_id
from subgraphs.payments.domain.dispute import KnownDispute
from subgraphs.payments.domain.notice import Notice, NoticeOutcome
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Dispute, DisputeOutcome, ProviderRefund
from subgraphs.payments.domain.refund import Refund
from tests.fakes.payment_tables import KeptRefund, Tables


@dataclass
class RefundsTwin:
    """Refunds by their id."""

    tables: Tables

    async def of_key(self, payment_id: UUID, key: str) -> Refund | None:
        return next((each for each in self._of(payment_id) if each.key == key), None)

    async def unfinished(self, payment_id: UUID) -> Sequence[Refund]:
        return [refund for refund in self._of(payment_id) if not refund.is_done]

    async def add(self, payment_id: UUID, refund: Refund) -> None:
        self.tables.refunds[refund.id] = KeptRefund(payment_id, refund, "none" if refund.is_done else None)

    async def add_paid_outside(self, payment_id: UUID, paid: PaidOutside, repaid_minor: int) -> Refund:
        refund = Refund(new_id(), paid.key, paid.amount_minor, paid.is_rest, True, refunded_minor=repaid_minor)
        self.tables.refunds[refund.id] = KeptRefund(payment_id, refund, "outside")
        return refund

    async def complete(self, refund_id: UUID, reference: str, repaid_minor: int) -> bool:
        kept = self.tables.refunds.get(refund_id)
        if kept is None or kept.refund.is_done:
            return False
        done = replace(kept.refund, is_done=True, refunded_minor=repaid_minor)
        self.tables.refunds[refund_id] = KeptRefund(kept.payment_id, done, reference)
        return True

    async def give_up(self, refunds: Sequence[Refund]) -> None:
        for refund in refunds:
            kept = self.tables.refunds.get(refund.id)
            if kept is not None and not kept.refund.is_done:
                del self.tables.refunds[refund.id]

    async def give_up_all(self, payment_id: UUID) -> None:
        await self.give_up(await self.unfinished(payment_id))

    async def failures_among(self, payment_id: UUID, failed: Sequence[ProviderRefund]) -> Sequence[ProviderRefund]:
        return [each for each in failed if (payment_id, each.reference) not in self.tables.failures]

    async def add_failure(self, payment_id: UUID, failed: ProviderRefund) -> None:
        self.tables.failures[payment_id, failed.reference] = failed

    async def has_failures(self, payment_id: UUID) -> bool:
        return any(failed_of == payment_id for failed_of, _ in self.tables.failures)

    async def keys_of(self, payment_id: UUID, refunds: Sequence[ProviderRefund]) -> dict[str, str]:
        references = {refund.reference for refund in refunds}
        ours = [kept for kept in self.tables.refunds.values() if kept.payment_id == payment_id and kept.reference]
        return {kept.reference: kept.refund.key for kept in ours if kept.reference in references}

    def _of(self, payment_id: UUID) -> Sequence[Refund]:
        kept = [each.refund for each in self.tables.refunds.values() if each.payment_id == payment_id]
        return [replace(refund, was_asked=True) for refund in kept]


@dataclass
class DisputesTwin:
    """Disputes by payment and reference."""

    tables: Tables

    async def known(self, payment_id: UUID, reference: str) -> KnownDispute | None:
        kept = self.tables.disputes.get((payment_id, reference))
        return kept[0] if kept else None

    async def payment_of(self, dispute_id: UUID) -> UUID | None:
        kept = ((payment_id, known.id) for (payment_id, _), (known, _) in self.tables.disputes.items())
        return next((payment_id for payment_id, known_id in kept if known_id == dispute_id), None)

    async def told(self, dispute_id: UUID, payment: Payment) -> Dispute:
        (kept,) = [each for each in self.tables.disputes.values() if each[0].id == dispute_id]
        known, told = kept
        return replace(
            told,
            intent_reference=payment.reference,
            outcome=known.outcome,
            fee_minor=known.fee_minor,
            evidence_due_at=known.evidence_due_at,
        )

    async def save(self, payment_id: UUID, told: Dispute, known: KnownDispute) -> None:
        kept = self.tables.disputes.get((payment_id, told.reference))
        now = replace(known, id=kept[0].id) if kept else known
        self.tables.disputes[payment_id, told.reference] = now, kept[1] if kept else told

    async def has_open(self, payment_id: UUID) -> bool:
        of_payment = [known for (of, _), (known, _) in self.tables.disputes.items() if of == payment_id]
        return any(known.outcome is DisputeOutcome.OPENED for known in of_payment)


@dataclass
class NoticesTwin:
    """Events by provider and id."""

    tables: Tables

    async def add(self, notice: Notice) -> bool:
        named = notice.provider, notice.event_id
        if named in self.tables.notices:
            return False
        self.tables.notices[named] = notice, NoticeOutcome.IGNORED
        return True

    async def is_repeated(self, notice: Notice) -> bool:
        return self.tables.notices[notice.provider, notice.event_id][0].body == notice.body

    async def set_outcome(self, notice: Notice, outcome: NoticeOutcome) -> None:
        self.tables.notices[notice.provider, notice.event_id] = notice, outcome


@dataclass
class LooksTwin:
    """Moments by provider."""

    tables: Tables

    async def until(self, provider: str) -> datetime | None:
        return self.tables.looks.get(provider)

    async def note(self, provider: str, until: datetime) -> None:
        self.tables.looks[provider] = max(until, self.tables.looks.get(provider, until))
