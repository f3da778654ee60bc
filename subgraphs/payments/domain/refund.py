"""Refunds that were asked for, and which of them what the shop paid itself is in the place of."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.ids import new_id
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.rejections import KeyOfAmount, KeyOfOtherAmount


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund that was asked for; ``was_asked`` tells that an earlier attempt may have reached the provider.

    ``is_remaining`` is one of all that was left,
    ``refunded_minor`` what was repaid of the payment in all once it was done, by the provider or outside of it.
    """

    id: UUID
    key: str
    amount_minor: int
    is_remaining: bool = False
    is_done: bool = False
    was_asked: bool = False
    refunded_minor: int | None = None

    def require_amount(self, amount_minor: int) -> None:
        """Passes when its key came with this amount, too. Raises KeyOfOtherAmount."""
        if self.is_remaining or self.amount_minor != amount_minor:
            raise KeyOfOtherAmount

    def require_remaining(self) -> None:
        """Passes when its key came without an amount. Raises KeyOfAmount."""
        if not self.is_remaining:
            raise KeyOfAmount

    def is_of_rest(self, left_minor: int) -> bool:
        """Whether it is, or was, the refund of all that is left:
        one that is not done is another one once another amount is.
        """
        return self.is_done or self.amount_minor == left_minor > 0


@dataclass(frozen=True, slots=True)
class Refunded:
    """What a refund gave, and what was repaid of its payment in all by then, by whomever;
    in the currency's minor unit.
    """

    payment_id: UUID
    amount_minor: int
    refunded_minor: int


def begun_refund(key: str, amount_minor: int) -> Refund:
    """A refund that is to be asked for."""
    return Refund(new_id(), key, amount_minor)


def refund_of_rest(key: str, left_minor: int, repaid_minor: int) -> Refund:
    """A refund of all that is left: to be asked for, or done since that is nothing."""
    is_done = left_minor == 0
    return Refund(
        new_id(), key, left_minor, is_remaining=True, is_done=is_done, refunded_minor=repaid_minor if is_done else None
    )


def refunded(payment: Payment, refund: Refund) -> Refunded:
    """The answer to a refund that was done; one of before this was kept is answered as things stand."""
    in_all = refund.refunded_minor
    return Refunded(payment.id, refund.amount_minor, payment.standing.repaid_minor if in_all is None else in_all)


def refundable_minor(payment: Payment, unfinished: Sequence[Refund]) -> int:
    """What can still be refunded: what the buyer's bank has taken back, or is about to be given,
    is not given a second time.
    """
    return max(payment.standing.left_minor - sum(refund.amount_minor for refund in unfinished), 0)


def replaced_refunds(unfinished: Sequence[Refund], key: str, paid_minor: int, left_minor: int) -> Sequence[Refund]:
    """Those refunds, oldest first, that the provider has not given,
    and that what was paid by ``key`` is in the place of.

    That is the one of the same key; and while the others would give more than ``left_minor``, which
    is what is left besides what was paid, one of the same amount if there is none of the key, then
    the newest ones. The others may yet be given.
    """
    own = [refund for refund in unfinished if refund.key == key]
    alike = [] if own else [refund for refund in unfinished if refund.amount_minor == paid_minor][:1]
    newest = [refund for refund in reversed(unfinished) if refund not in (*own, *alike)]
    excess_minor = sum(refund.amount_minor for refund in (*alike, *newest)) - left_minor
    for refund in (*alike, *newest):
        if excess_minor > 0:
            own.append(refund)
            excess_minor -= refund.amount_minor
    return own
