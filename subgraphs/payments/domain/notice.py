"""What comes of what a provider tells by itself."""

from enum import StrEnum

from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Intent
from subgraphs.payments.domain.status import is_doubtful


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
