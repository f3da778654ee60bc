"""What may be booked as paid outside of the provider: it is done, so nothing is refused that was captured. Pure."""

from shared.errors import FailedPrecondition
from shared.money import Money
from subgraphs.payments.domain.progress import Standing

LONGEST_TEXT = 500
"""How many characters the text has at most that says how the shop paid."""


def require_within_captured(standing: Standing, paid: Money, field: str) -> None:
    """Lets pass what makes no more than was captured, with what was paid outside before, though less of it is left.

    Raises:
        FailedPrecondition: naming ``field`` when it is more, with how much would pass.
    """
    most = Money(standing.captured_minor - standing.paid_outside_minor, paid.currency)
    if paid.minor > most.minor:
        message = (
            f"Only {most.amount} {most.currency} can be booked as paid outside of the provider, not {paid.amount}:"
            " all that is booked so is never more than was captured."
        )
        raise FailedPrecondition(message, (field,))


def require_all_left(standing: Standing, paid: Money) -> None:
    """Lets pass what is enough to be all that is left of the captured amount.

    Raises:
        FailedPrecondition: when more is left, with how much.
    """
    left = Money(standing.left_minor, paid.currency)
    if paid.minor < left.minor:
        message = f"{left.amount} {left.currency} are left to be paid, not {paid.amount}."
        raise FailedPrecondition(message, ("paid_minor",))


def require_nothing_paid(paid: Money) -> None:
    """Of a payment that came to nothing, lets pass that nothing was paid.

    Raises:
        FailedPrecondition: when anything was.
    """
    if paid.minor:
        nothing = Money(0, paid.currency).amount
        message = (
            f"Nothing was taken for the order that could be paid back, so {paid.amount} can't be booked: say {nothing}."
        )
        raise FailedPrecondition(message, ("paid_minor",))
