"""What payments needs of a payment provider, whichever it is."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from shared.money import Money
from subgraphs.payments.domain.payment import PaymentStatus


@dataclass(frozen=True, slots=True)
class Decline:
    """Why the provider said no: its own word, and a sentence for the buyer."""

    code: str
    message: str


class Declined(Exception):
    """The provider refuses the buyer's means of payment; nothing was held or taken."""

    def __init__(self, decline: Decline) -> None:
        super().__init__(decline.code)
        self.decline = decline


class StepRefused(Exception):
    """The provider's own payment is not in a state that allows this step; ``retrieve`` tells which it is in."""


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment as the provider has it: what we mean to move, not yet, partly or wholly moved.

    ``status`` is the payment status that it amounts to: PENDING while the provider waits for ``confirm`` or is at work, DECLINED
    also after a cancellation that followed a decline.
    """

    reference: str
    status: PaymentStatus
    amount: Money
    awaits_confirmation: bool = False
    client_secret: str = field(default="", repr=False)
    decline: Decline | None = None


class PaymentProvider(Protocol):
    """A payment provider with separate authorization and capture.

    Any call may raise ``shared.errors.Unavailable`` when the provider can't be reached or does not answer in time: it is then
    unknown whether it had its effect. No call repeats by itself what may have had an effect.
    """

    @property
    def name(self) -> str:
        """The provider's name, as in ``Payment.provider``."""

    async def create(self, payment_id: UUID, order_id: UUID, amount: Money, payment_method_id: str) -> Intent:
        """Announces a payment; no money moves until ``confirm``.

        Raises:
            Declined: when the payment method is unknown or can't be used.
        """

    async def retrieve(self, reference: str) -> Intent:
        """The intent as it is now."""

    async def confirm(self, reference: str, payment_id: UUID) -> Intent:
        """Has the amount held.

        Raises:
            Declined: when the buyer's bank says no.
            StepRefused: when it was confirmed before.
        """

    async def capture(self, reference: str, payment_id: UUID) -> Intent:
        """Takes the held amount.

        Raises:
            Declined: when the buyer's bank says no after all.
            StepRefused: when nothing is held any more.
        """

    async def cancel(self, reference: str, payment_id: UUID) -> None:
        """Lets go what is held, and bars the intent.

        Raises:
            StepRefused: when the money was taken, or it is cancelled already.
        """

    async def find_refund(self, reference: str, refund_id: UUID) -> str | None:
        """The provider's reference of a refund that was perhaps asked for before, or None when the provider knows of none."""

    async def refund(self, reference: str, refund_id: UUID, amount: Money) -> str:
        """Gives money back and answers the provider's reference.

        Raises:
            StepRefused: when the provider won't give it back.
        """


class BadNotice(Exception):
    """A webhook request that is not, or not any more, believed; the message says why."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider's webhook told: ``intent`` when it is about a payment, None when about anything else."""

    provider: str
    event_id: str
    type: str
    body: str = field(repr=False)
    intent: Intent | None


class NoticeReader(Protocol):
    """Reads a provider's webhook requests."""

    def read(self, body: bytes, signature: str | None) -> Notice:
        """What a request says.

        Raises:
            BadNotice: when it was not signed by the provider, or too long ago, or can't be read.
        """
