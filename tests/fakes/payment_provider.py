"""A payment provider in memory, which can be told to fail, and at which others than us do things, too."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.domain.provider import (
    Action,
    Change,
    Decline,
    DeclinedError,
    Dispute,
    DisputeOutcome,
    Intent,
    NewPayment,
    ProviderRecord,
    ProviderRefund,
    RefundState,
    StepRejectedError,
)
from subgraphs.payments.domain.status import PaymentStatus

GOOD, ACTING, DECLINED, WORKING = "pm_good", "pm_acting", "pm_declined", "pm_working"
_BEGUN = {ACTING: PaymentStatus.REQUIRES_ACTION, WORKING: PaymentStatus.PENDING}
NO = Decline("card_declined", "Your card was declined; please pay with another one.")


@dataclass
class IntentTwin:
    """A payment at the provider."""

    payment: NewPayment
    intent: Intent
    refunds: dict[UUID, ProviderRefund] = field(default_factory=dict)
    disputes: list[Dispute] = field(default_factory=list)

    @property
    def refunded_minor(self) -> int:
        """What was given back and did not come back."""
        return sum(refund.amount_minor for refund in self.refunds.values() if refund.state is not RefundState.FAILED)


@dataclass
class ProviderTwin:
    """``asked`` are the operations that reached it; ``failures`` are raised once, ``lost`` ones after the effect.

    ``meanwhile`` is what others do, once, just before an operation.
    """

    name: str = "stripe"
    intents: dict[str, IntentTwin] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failures: dict[str, Exception] = field(default_factory=dict)
    lost: dict[str, Exception] = field(default_factory=dict)
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    listed: list[Change] = field(default_factory=list)
    refund_state: RefundState = RefundState.GIVEN
    open_transactions: int = 0

    async def begin(self, payment: NewPayment) -> Intent:
        self._asked("begin")
        if payment.method == DECLINED:
            raise DeclinedError(NO)
        reference = f"pi_{payment.payment_id}_{payment.attempt}"
        status = _BEGUN.get(payment.method, PaymentStatus.AUTHORIZED)
        action = Action(client_secret="secret") if payment.method == ACTING else None
        intent = Intent(reference, status, payment.amount, action=action, payment_id=payment.payment_id)
        self.intents.setdefault(reference, IntentTwin(payment, intent))
        self._answered("begin")
        return self._intent(reference)

    async def retrieve(self, reference: str) -> Intent:
        self._asked("retrieve")
        return self._intent(reference)

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        self._asked("confirm")
        self.set(reference, PaymentStatus.AUTHORIZED)
        return self._intent(reference)

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        self._asked("capture")
        if self._intent(reference).status is not PaymentStatus.AUTHORIZED:
            raise StepRejectedError("unexpected_state")
        self.set(reference, PaymentStatus.CAPTURED)
        self._answered("capture")
        return self._intent(reference)

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        self._asked("cancel")
        if self._intent(reference).status not in (PaymentStatus.AUTHORIZED, PaymentStatus.REQUIRES_ACTION):
            raise StepRejectedError("unexpected_state")
        self.set(reference, PaymentStatus.VOIDED)
        self._answered("cancel")

    async def find_refund(self, reference: str, refund_id: UUID) -> ProviderRefund | None:
        self._asked("find_refund")
        return self.intents[reference].refunds.get(refund_id)

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> ProviderRefund:
        self._asked("refund")
        its = self.intents[reference]
        if its.refunded_minor + amount.minor > its.payment.amount.minor:
            raise StepRejectedError("charge_already_refunded")
        its.refunds[refund_id] = ProviderRefund(f"re_{refund_id}", amount.minor, self.refund_state)
        self._answered("refund")
        return its.refunds[refund_id]

    async def refunds(self, reference: str) -> Sequence[ProviderRefund]:
        return list(self.intents[reference].refunds.values())

    async def disputes(self, reference: str) -> Sequence[Dispute]:
        return self.intents[reference].disputes

    async def changes(self, since: datetime, until: datetime) -> AsyncIterator[Change]:
        for change in self.listed:
            yield change

    async def records(self, since: datetime) -> AsyncIterator[ProviderRecord]:
        for reference, its in self.intents.items():
            intent = self._intent(reference)
            captured_minor = its.payment.amount.minor if intent.status in _TAKEN else 0
            refunded_minor = its.refunded_minor
            yield ProviderRecord(
                reference, its.payment.payment_id, intent.status, intent.amount, captured_minor, refunded_minor
            )

    def set(self, reference: str, status: PaymentStatus) -> None:
        """What the buyer, the bank or somebody at the provider's page does to a payment."""
        its = self.intents[reference]
        its.intent = replace(its.intent, status=status, action=None)

    def refund_there(self, reference: str, amount_minor: int) -> ProviderRefund:
        """Somebody gives money back on the provider's page."""
        given = ProviderRefund(f"re_{new_id()}", amount_minor, RefundState.GIVEN)
        self.intents[reference].refunds[new_id()] = given
        return given

    def fail_refunds(self, reference: str) -> None:
        """The buyer's bank takes no refund of a payment after all."""
        refunds = self.intents[reference].refunds
        for refund_id, refund in refunds.items():
            refunds[refund_id] = replace(refund, state=RefundState.FAILED, failure="account_closed")

    def dispute(self, reference: str, outcome: DisputeOutcome, amount_minor: int, fee_minor: int = 0) -> Dispute:
        """The buyer's bank takes money back, or decides."""
        its = self.intents[reference]
        amount = Money(amount_minor, its.payment.amount.currency)
        told = Dispute(f"du_{reference}", reference, outcome, amount, fee_minor, "fraudulent", datetime.now(UTC))
        known = [each for each in its.disputes if each.reference == told.reference]
        told = replace(told, evidence_due_at=known[0].evidence_due_at) if known else told
        its.disputes = [told]
        return told

    def _intent(self, reference: str) -> Intent:
        its = self.intents[reference]
        status, refunded_minor = its.intent.status, its.refunded_minor
        if status is PaymentStatus.CAPTURED and refunded_minor == its.payment.amount.minor:
            status = PaymentStatus.REFUNDED
        return replace(its.intent, status=status, refunded_minor=refunded_minor)

    def _asked(self, operation: str) -> None:
        assert not self.open_transactions, "no transaction is open while a provider is asked"
        self.asked.append(operation)
        if operation in self.meanwhile:
            self.meanwhile.pop(operation)()
        if operation in self.failures:
            raise self.failures.pop(operation)

    def _answered(self, operation: str) -> None:
        if operation in self.lost:
            raise self.lost.pop(operation)


_TAKEN = (PaymentStatus.CAPTURED, PaymentStatus.REFUNDED)
