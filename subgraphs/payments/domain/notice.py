"""What a provider tells by itself, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Dispute, Intent
from subgraphs.payments.domain.status import is_doubtful


class BadNoticeError(Exception):
    """A webhook request that is not, or not any more, believed; the message says why."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider's webhook told: about a payment, about a dispute, or, with neither, about anything else.

    ``failed_refund_of`` is the intent of which it tells that a refund failed.
    """

    provider: str
    event_id: str
    type: str
    body: str = field(repr=False)
    intent: Intent | None = None
    dispute: Dispute | None = None
    failed_refund_of: str | None = None


class NoticeReader(Protocol):
    """Reads a provider's webhook requests."""

    async def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """What a request says; names of headers are in lower case.

        Raises:
            BadNoticeError: when it was not signed by the provider, or too long ago, or can't be read.
            Unavailable: when what is needed to verify it can't be had now.
        """


class NoticeOutcome(StrEnum):
    """What came of a webhook event.
    ASKED: it could not be applied as it stood, the provider is asked how things are by now.
    """

    APPLIED = "APPLIED"
    UNCHANGED = "UNCHANGED"
    ASKED = "ASKED"
    IGNORED = "IGNORED"
    UNKNOWN_PAYMENT = "UNKNOWN_PAYMENT"
    MISMATCHED = "MISMATCHED"


def is_to_be_asked_about(payment: Payment, intent: Intent) -> bool:
    """Whether what is told can't be applied as it stands:
    money of a payment that is over may be old news, an approval is to be confirmed.
    """
    return is_doubtful(payment.status, intent.status) or intent.awaits_confirmation
