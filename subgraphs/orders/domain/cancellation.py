"""Why orders are cancelled, in the buyer's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from subgraphs.orders.domain.order import Actor, OrderedLine


class CancellationCode(StrEnum):
    """The kinds of reason."""

    INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_ACTION_NOT_TAKEN = "PAYMENT_ACTION_NOT_TAKEN"
    BUYER_REQUEST = "BUYER_REQUEST"
    SHOP_DECISION = "SHOP_DECISION"
    TIMED_OUT = "TIMED_OUT"


# True from the moment at which it is decided: it may take a while until the bank shows it.
_GOES_BACK = "You are not charged for it, and what your bank holds is let go."


@dataclass(frozen=True, slots=True)
class Cancellation:
    """Why an order is, or will be, cancelled. ``line_ids`` are the lines at fault, where it is the fault of lines."""

    code: CancellationCode
    message: str
    line_ids: Sequence[UUID] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that can't be had. ``requested`` counts all lines of its variant."""

    line_id: UUID
    requested: int
    available: int


def out_of_stock(shortages: Sequence[Shortage], lines: Sequence[OrderedLine]) -> Cancellation:
    """Fewer units were left than lines asked for; the message names each line and what is left of it."""
    titles = {line.id: line.title for line in lines}
    sentences = [_shortage_sentence(titles[shortage.line_id], shortage) for shortage in shortages]
    message = " ".join(dict.fromkeys(sentences))  # two lines of one variant lack the same
    return Cancellation(CancellationCode.INSUFFICIENT_STOCK, message, [shortage.line_id for shortage in shortages])


def _shortage_sentence(title: str, shortage: Shortage) -> str:
    if shortage.available <= 0:
        return f"{title} is sold out."
    verb = "is" if shortage.available == 1 else "are"
    return f"Only {shortage.available} of {title} {verb} left, and {shortage.requested} were ordered."


def payment_declined(message: str) -> Cancellation:
    """The provider said no; ``message`` is its sentence for the buyer."""
    sentence = message.strip() or "The payment was declined; pay with another card."
    return Cancellation(CancellationCode.PAYMENT_DECLINED, sentence)


def hold_ended() -> Cancellation:
    """What the bank held was let go before it was taken."""
    message = "Your bank does not hold the amount any more, so this order can't be sent. Nothing was charged."
    return Cancellation(CancellationCode.PAYMENT_DECLINED, message)


def action_not_taken() -> Cancellation:
    """The bank wanted to hear from the buyer, who did not answer in time."""
    message = f"The payment was not confirmed in time. {_GOES_BACK}"
    return Cancellation(CancellationCode.PAYMENT_ACTION_NOT_TAKEN, message)


def asked_for_by(actor: Actor, is_paid: bool) -> Cancellation:
    """Somebody wanted it so. ``is_paid``: the money was taken by then."""
    what_follows = "what was paid is given back" if is_paid else "you pay nothing for it"
    if actor is Actor.BUYER:
        return Cancellation(CancellationCode.BUYER_REQUEST, f"You cancelled this order; {what_follows}.")
    return Cancellation(CancellationCode.SHOP_DECISION, f"The shop cancelled this order; {what_follows}.")


def timed_out() -> Cancellation:
    """It could not be completed in time."""
    message = f"The order could not be completed in time. {_GOES_BACK}"
    return Cancellation(CancellationCode.TIMED_OUT, message)
