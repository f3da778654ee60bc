"""Disputes: a buyer's bank took money back and has not decided yet whose it is. Until then nothing of the order may
leave.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.money import Money


class DisputeStatus(StrEnum):
    """How far a dispute is: the bank thinks about it, or decided for the shop (WON) or for the buyer (LOST)."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


class HoldReason(StrEnum):
    """Why an order can be held."""

    DISPUTE = "DISPUTE"


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a bank took back of an order; ``reference`` is the provider's id of it, ``reason`` the provider's word.

    ``happened_at`` is when it was opened or, of news, when that happened.
    """

    order_id: UUID
    reference: str
    amount_minor: int
    reason: str
    status: DisputeStatus
    evidence_due_at: datetime | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing of an order may leave. Of several disputes, the sum and what is due first."""

    reason: HoldReason
    disputed: Money
    words: Sequence[str]
    since: datetime
    evidence_due_at: datetime | None

    @property
    def message(self) -> str:
        """The reason in a sentence, for staff."""
        words = f" ({', '.join(self.words)})" if self.words else ""
        return (
            f"The buyer's bank disputes {self.disputed.amount} {self.disputed.currency} of this order{words};"
            " nothing of it may leave until the bank has decided."
        )


def hold_of(disputes: Sequence[Dispute], currency: str) -> Hold | None:
    """What the OPEN ones among an order's disputes mean for it."""
    waiting = [dispute for dispute in disputes if dispute.status is DisputeStatus.OPEN]
    if not waiting:
        return None
    dues = [dispute.evidence_due_at for dispute in waiting if dispute.evidence_due_at]
    return Hold(
        HoldReason.DISPUTE,
        Money(sum(dispute.amount_minor for dispute in waiting), currency),
        [*dict.fromkeys(dispute.reason for dispute in waiting if dispute.reason)],
        min(dispute.happened_at for dispute in waiting),
        min(dues, default=None),
    )
