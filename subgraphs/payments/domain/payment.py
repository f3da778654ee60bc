"""The aggregate: the payment of one attempt at an order, and what becomes of it by the provider's word or by ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.event import Event
from shared.ids import derived_id
from shared.money import Money
from subgraphs.payments.domain import progress as steps
from subgraphs.payments.domain.events import RefundCause, Subject, money_moved, payment_declined
from subgraphs.payments.domain.following import AS_IT_IS, FOLLOW_SECONDS, MISSING_SECONDS
from subgraphs.payments.domain.ledger import Movement
from subgraphs.payments.domain.progress import Progress, Standing
from subgraphs.payments.domain.provider import Action, Decline, Intent, NewPayment
from subgraphs.payments.domain.rejections import AmountMismatch
from subgraphs.payments.domain.status import PaymentStatus, is_open, is_over_without_money

_UNNAMED = Decline("declined", "Your payment was declined; please choose another means of payment.")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a payment, and what goes with it.

    ``reference`` is the provider's, for a payment that has none yet. ``follow_in`` is when the provider is to be asked
    again, in seconds, and the older the payment the later; None when that is not needed any more.
    """

    standing: Standing
    movements: Sequence[Movement] = ()
    events: Sequence[Event] = ()
    reference: str | None = None
    decline: Decline | None = None
    action: Action | None = None
    follow_in: float | None = AS_IT_IS


@dataclass(frozen=True, slots=True)
class Beginning:
    """A payment that is to begin; ``authorization_key`` is whose it is from then on."""

    order_id: UUID
    customer_id: UUID
    provider: str
    method: str
    customer_reference: str | None
    amount: Money
    authorization_key: str
    order_attempt: int = 1

    @property
    def payment_id(self) -> UUID:
        """An attempt has one payment, and the provider is asked by its id:
        after a restore from a backup by the same again.
        """
        name = "payment" if self.order_attempt == 1 else f"payment:{self.order_attempt}"
        return derived_id(self.order_id, name)


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as it was when it was read;
    ``provider_reference`` is None until the provider is known to know of it.
    """

    id: UUID
    order_id: UUID
    order_attempt: int
    customer_id: UUID
    provider: str
    provider_reference: str | None
    method: str
    customer_reference: str | None
    attempt: int
    authorization_key: str
    currency: str
    standing: Standing
    decline: Decline | None
    action: Action | None
    version: int
    created_at: datetime
    follow_at: datetime | None

    @property
    def status(self) -> PaymentStatus:
        """What has become of it."""
        return self.standing.status

    @property
    def amount(self) -> Money:
        """What it is about."""
        return Money(self.standing.amount_minor, self.currency)

    @property
    def reference(self) -> str:
        """The provider's reference of a payment that has one."""
        assert self.provider_reference is not None, f"the provider does not know payment {self.id}"
        return self.provider_reference

    @property
    def beginning(self) -> NewPayment:
        """What the provider was, or is to be, sent."""
        return NewPayment(
            self.id, self.order_id, self.amount, self.method, self.customer_reference, self.attempt, self.order_attempt
        )

    @property
    def late_key(self) -> str:
        """The key of the one refund of money that came after the payment was over;
        how the key of a further one begins.
        """
        return f"late:{self.id}"

    def is_late(self, key: str | None) -> bool:
        """Whether the refund of a key is of money that came too late."""
        return key is not None and key.startswith(self.late_key)

    def follow(self, intent: Intent, now: datetime) -> Change:
        """Moves forward to what the provider told; what is behind or out of reach changes nothing.
        Raises AmountMismatch.
        """
        self.require_same_amount(intent)
        return self._changed(steps.follow(self.standing, intent), intent, now)

    def acknowledge(self, intent: Intent, now: datetime) -> Change:
        """Books the money that the provider has at this moment of a payment that is over here.
        Raises AmountMismatch.
        """
        self.require_same_amount(intent)
        return self._changed(steps.acknowledge(self.standing, intent), intent, now)

    def refund(self, amount_minor: int, key: str, now: datetime) -> Change:
        """Captured money was refunded by us, by the refund of this key."""
        progress = steps.refund(self.standing, amount_minor)
        cause, told_key = (RefundCause.LATE, None) if self.is_late(key) else (RefundCause.REQUESTED, key)
        return self.moved(progress, money_moved(self.subject(now), progress.movements, cause, told_key))

    def pay_outside(self, amount_minor: int, key: str, now: datetime) -> Change:
        """The shop has paid so much outside of the provider, as the refund of this key."""
        progress = steps.pay_outside(self.standing, amount_minor)
        return self.moved(progress, money_moved(self.subject(now), progress.movements, RefundCause.OUTSIDE, key))

    def give_up_hold(self, now: datetime) -> Change:
        """What is held, or may yet be, counts as let go; the provider is asked to once it is configured again."""
        progress = steps.give_up_hold(self.standing)
        events = money_moved(self.subject(now), progress.movements, RefundCause.OUTSIDE)
        return self.moved(progress, events, MISSING_SECONDS)

    def moved(self, progress: Progress, events: Iterable[Event], follow_in: float = AS_IT_IS) -> Change:
        """A change that is not about what the buyer was told of the authorization."""
        decline = self.decline if progress.standing.status is PaymentStatus.DECLINED else None
        return Change(progress.standing, progress.movements, [*events], decline=decline, follow_in=follow_in)

    def subject(self, now: datetime) -> Subject:
        """What events say of the payment."""
        return Subject(self.id, self.order_id, self.order_attempt, self.provider, self.currency, now)

    def require_same_amount(self, intent: Intent) -> None:
        """Passes what is about the payment's own amount, and what is of no amount since the provider has forgotten it.

        Raises:
            AmountMismatch
        """
        is_forgotten = intent.status is PaymentStatus.VOIDED and intent.amount.minor == 0
        if intent.amount != self.amount and not is_forgotten:
            raise AmountMismatch(self.provider, intent.amount, self.amount)

    def _changed(self, progress: Progress, intent: Intent, now: datetime) -> Change:
        status = progress.standing.status
        reason = self.decline or intent.decline or _UNNAMED if status is PaymentStatus.DECLINED else None
        return Change(
            progress.standing,
            progress.movements,
            self._told(progress, reason, now),
            reference=intent.reference or None,
            decline=reason,
            action=intent.action or self.action if status is PaymentStatus.REQUIRES_ACTION else None,
            follow_in=_follow_in(self.standing, progress.standing, intent),
        )

    def _told(self, progress: Progress, reason: Decline | None, now: datetime) -> Sequence[Event]:
        """What the provider tells of refunds is done there; by whomever, when the order never had the money."""
        about = self.subject(now)
        is_for_nothing = is_over_without_money(self.status) or progress.standing.is_taken_in_part
        cause = RefundCause.LATE if is_for_nothing else RefundCause.PROVIDER
        events = [*money_moved(about, progress.movements, cause)]
        if reason is not None and self.status is not PaymentStatus.DECLINED:
            events.append(payment_declined(about, self.amount, reason.code))
        return events


def _follow_in(before: Standing, after: Standing, intent: Intent) -> float | None:
    """An open payment is asked about again;
    one that was declined just now has an intent that must be barred at once.
    So is one that came to nothing and of which there is money at the provider.
    """
    if is_open(after.status):
        return FOLLOW_SECONDS
    if after.has_money and is_over_without_money(after.status):
        return 0  # it goes back
    if not is_open(before.status):
        return AS_IT_IS
    return 0 if after.status is PaymentStatus.DECLINED and intent.reference else None
