"""Disputes: a buyer's bank took money back and has not decided yet whose it is. Until then nothing of the order may leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.money import Money
from subgraphs.orders.domain.order import OrderStatus


class DisputeStatus(StrEnum):
    """How far a dispute is: the bank thinks about it, or decided for the shop (WON) or for the buyer (LOST)."""

    OPEN = "OPEN"
    WON = "WON"
    LOST = "LOST"


class HoldReason(StrEnum):
    """``OrderHoldReason`` of the SDL."""

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


_WITHOUT_PROVIDER = (
    " Where the provider is gone for good, tell payments what the bank has decided (`Payment.attention` says how)."
)
_GOES_BACK = frozenset({OrderStatus.CANCELLING, OrderStatus.CANCELLED})


def attention_to_hold(hold: Hold, status: OrderStatus) -> str:
    """What a person does about it."""
    due = f" by {hold.evidence_due_at:%Y-%m-%d %H:%M} UTC" if hold.evidence_due_at else ""
    way_out = (
        f"Accept the dispute at the provider, or answer it there{due}: what is won is given back by itself."
        if status in _GOES_BACK
        else f"Answer it at the provider{due}, or accept it there; don't refund what the bank has."
    )
    return f"{hold.message} {way_out} {_WITHOUT_PROVIDER}"
