"""What may be booked as paid outside of the provider: it is done, so nothing is rejected that was captured."""

from dataclasses import dataclass

from shared.money import Money
from subgraphs.payments.domain.progress import Standing
from subgraphs.payments.domain.refund import Refund
from subgraphs.payments.domain.rejections import MoreIsLeft, NothingToRepay, TooMuchPaidOutside

LONGEST_TEXT = 500
"""How many characters the text has at most that says how the shop paid."""


@dataclass(frozen=True, slots=True)
class PaidOutside:
    """What the shop has paid, in the currency's minor unit; ``is_rest``: for all that is left. ``how`` is for staff."""

    key: str
    amount_minor: int
    how: str
    is_rest: bool = False

    def is_of(self, begun: Refund) -> bool:
        """Whether a refund of the same key was asked for by the same request.

        A rest that is not given yet may be of another amount by now;
        callers of before did not tell how much of it was paid.
        """
        is_same_rest = self.is_rest and (not begun.is_done or self.amount_minor == 0)
        return begun.is_remaining is self.is_rest and (is_same_rest or begun.amount_minor == self.amount_minor)


def require_within_captured(standing: Standing, paid: Money) -> None:
    """Passes what makes no more than was captured, with what was paid outside before, though less of it is left.

    Raises:
        TooMuchPaidOutside
    """
    most = Money(standing.captured_minor - standing.paid_outside_minor, paid.currency)
    if paid.minor > most.minor:
        raise TooMuchPaidOutside(paid, most)


def require_all_left(standing: Standing, paid: Money) -> None:
    """Passes what is enough to be all that is left of the captured amount. Raises MoreIsLeft."""
    left = Money(standing.left_minor, paid.currency)
    if paid.minor < left.minor:
        raise MoreIsLeft(paid, left)


def require_nothing_paid(paid: Money) -> None:
    """Of a payment that came to nothing, passes that nothing was paid. Raises NothingToRepay."""
    if paid.minor:
        raise NothingToRepay(paid)
