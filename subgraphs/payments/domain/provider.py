"""What payments needs of a payment provider, whichever it is."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from shared.errors import Unavailable
from shared.money import Money
from subgraphs.payments.domain.status import PaymentStatus


@dataclass(frozen=True, slots=True)
class Decline:
    """Why the provider said no: its own word, and a sentence for the buyer."""

    code: str
    message: str


class DeclinedError(Exception):
    """The provider declines the buyer's means of payment; nothing was held or taken."""

    def __init__(self, decline: Decline) -> None:
        super().__init__(decline.code)
        self.decline = decline


class StepRejectedError(Exception):
    """The provider's own payment is not in a state that allows this step; ``retrieve`` tells which it is in."""


class FailedError(Unavailable):
    """The provider answered that it failed.
    It is unknown whether the request had an effect, but none will come of it any more.

    A provider that answers repetitions from its memory answers this one with the same failure: repeat it as another
    attempt, once its books tell that it had no effect.
    """


@dataclass(frozen=True, slots=True)
class Action:
    """What the buyer has to do: hand the secret to the provider's script, or follow the address."""

    client_secret: str = field(default="", repr=False)
    redirect_url: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment as the provider has it: what we mean to move, not yet, partly or wholly moved.

    ``status`` is the payment status that it amounts to: PENDING while the provider waits for
    ``confirm`` or is at work, REQUIRES_ACTION while the buyer has to act, DECLINED also after a
    cancellation that followed a decline. ``refunded_minor`` is what was refunded and did not come
    back; ``part_minor`` what was taken where somebody took less than the amount on the provider's own
    page, which lets go the rest; ``payment_id`` is our payment's, where the provider tells it.
    """

    reference: str
    status: PaymentStatus
    amount: Money
    awaits_confirmation: bool = False
    action: Action | None = None
    decline: Decline | None = None
    refunded_minor: int = 0
    part_minor: int | None = None
    payment_id: UUID | None = None

    @property
    def taken_minor(self) -> int:
        """What was taken of a captured one."""
        return self.amount.minor if self.part_minor is None else self.part_minor


@dataclass(frozen=True, slots=True)
class NewPayment:
    """What a payment begins with; everything that decides what the provider is sent.

    ``attempt`` counts up after an attempt that failed without effect; the same attempt is the same request.
    ``order_attempt`` is which attempt at the order is paid.
    """

    payment_id: UUID
    order_id: UUID
    amount: Money
    method: str
    customer_reference: str | None = None
    attempt: int = 1
    order_attempt: int = 1


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """A payment in the provider's own books, for audits;
    ``payment_id`` is None when it does not carry an id of ours.
    """

    reference: str
    payment_id: UUID | None
    status: PaymentStatus
    amount: Money
    captured_minor: int
    refunded_minor: int


class DisputeOutcome(StrEnum):
    """How a dispute stands."""

    OPENED = "OPENED"
    WON = "WON"
    LOST = "LOST"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A buyer's bank takes captured money back, or gives up to.
    ``evidence_due_at`` is until when evidence is taken, if it is.
    """

    reference: str
    intent_reference: str
    outcome: DisputeOutcome
    amount: Money
    fee_minor: int
    reason: str
    evidence_due_at: datetime | None = None


class RefundState(StrEnum):
    """How far a refund is. FAILED: the buyer's bank does not take it, and the money is with the provider again."""

    PENDING = "PENDING"
    GIVEN = "GIVEN"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund in the provider's own books, in the currency's minor unit; ``failure`` is its word for why it failed."""

    reference: str
    amount_minor: int
    state: RefundState
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A refund or a dispute in a provider's lists: its own reference, and that of the intent that it is of.

    ``is_failure``: a refund that failed, which may have been given long before.
    ``outcome``: how a dispute stood then, where the list tells.
    """

    reference: str
    intent_reference: str
    is_dispute: bool
    is_failure: bool = False
    outcome: DisputeOutcome | None = field(default=None, compare=False)


class PaymentProvider(Protocol):
    """A payment provider with separate authorization and capture.

    Any call may raise ``shared.errors.Unavailable`` when the provider can't be reached or does not answer in time: it
    is then unknown whether it had its effect. Every call may be repeated with the same ids, for a day, and has its
    effect once; what the provider offers for that (idempotency keys) is made of the ids given here.
    """

    @property
    def name(self) -> str:
        """The provider's name, as in ``Payment.provider``."""

    async def begin(self, payment: NewPayment) -> Intent:
        """Has the amount held, or tells what the buyer has to do first.

        An intent that the bank declined is answered as DECLINED where the provider keeps one: its caller bars it.

        Raises:
            DeclinedError: when the buyer's bank says no, or the means of payment is unknown or can't be used,
                and there is no intent.
        """

    async def retrieve(self, reference: str) -> Intent:
        """The intent as it is now."""

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        """Has the amount held, after the buyer has approved it. Only for an intent that awaits confirmation.

        A decline that the provider does not keep is answered as DECLINED, here alone: its caller bars the intent.

        Raises:
            DeclinedError: when the buyer's bank says no, and ``retrieve`` tells it too.
            StepRejectedError: when it was confirmed before.
        """

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        """Takes the held amount, all of it.

        Raises:
            DeclinedError: when the buyer's bank says no after all.
            StepRejectedError: when nothing is held any more.
        """

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        """Lets go what is held, and bars the intent.

        Raises:
            StepRejectedError: when the money was taken, or it is cancelled already.
        """

    async def find_refund(self, reference: str, refund_id: UUID) -> ProviderRefund | None:
        """A refund that was perhaps asked for before, also one that failed since;
        None when the provider knows of none.
        """

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> ProviderRefund:
        """Gives money back, or begins to.

        Raises:
            StepRejectedError: when the provider won't give it back.
        """

    async def refunds(self, reference: str) -> Sequence[ProviderRefund]:
        """Every refund of a payment, as it is now;
        what a provider calls so when it lets go what was held may be among them.
        """

    async def disputes(self, reference: str) -> Sequence[Dispute]:
        """Every dispute of a payment by which money moved, as it is now."""

    def changes(self, since: datetime, until: datetime) -> AsyncIterator[Change]:
        """Every refund given and every dispute begun in this time, by whomever, and every refund that failed,
        where that is listed.

        A provider whose lists are late tells of those before too, for as long as they may be late.
        """

    def records(self, since: datetime) -> AsyncIterator[ProviderRecord]:
        """The provider's own books: every payment begun since then."""


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A card that the provider keeps for a buyer: its reference, and what people know it by.

    ``fingerprint`` is the same for the same number, whoever keeps it and however often;
    None where the provider tells none.
    """

    reference: str
    brand: str
    last_digits: str
    expires_month: int
    expires_year: int
    fingerprint: str | None = None


class CardVault(Protocol):
    """Keeps buyers' cards. Only some providers do."""

    async def customer(self, user_id: UUID, email: str | None) -> str:
        """The provider's reference of a buyer, made when there is none; the same buyer has the same one."""

    async def add(self, customer_reference: str, method: str) -> StoredCard:
        """Keeps a card for the buyer.

        Raises:
            DeclinedError: when the card is unknown, can't be used, or is somebody else's.
        """

    async def renew(self, reference: str, expires_month: int, expires_year: int) -> None:
        """Has a kept card expire when its successor of the same number does; one that is forgotten stays as it is."""

    async def remove(self, reference: str) -> None:
        """Forgets a card; one that is forgotten already stays so."""
