"""What a person has to look at of what no rule could bring to its end, with the safe way out."""

from dataclasses import dataclass

from shared.money import Money
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Refundable


@dataclass(frozen=True, slots=True)
class Stopped:
    """A saga that waits for a person, and where it stopped. ``is_owed``: a refund whose money came back from the
    buyer's bank.
    """

    kind: Kind
    step: Step
    is_owed: bool = False


_PARCEL_IS_STUCK = (
    "The parcel must not leave. Mend what stands in its way, then call orderRetry, or cancel the order by orderCancel."
)
_MONEY_IS_BACK = (
    "The money was given back already; don't refund again."
    " Mend what keeps the pieces out of stock, then call orderRetry."
)
_PIECES_BEFORE_MONEY = (
    "The money of this refund came back since and is owed to the buyer."
    " Mend first what keeps its pieces out of stock, and call orderRetry."
)
_REFUND_IS_STUCK = (
    "Mend what stands in its way, then call orderRetry."
    " Or take its place by another orderRefund: for the same lines, or for an amount where it is for an amount."
)
_ORDER_IS_STUCK = (
    "Mend what stands in its way, then call orderRetry: the order is being undone, and {} are to be given back."
)
_HOLD_IS_STUCK = (
    "Mend what stands in its way, then call orderRetry: the order is being undone."
    " Its money is held at most, and a hold ends by itself after some days;"
    " where its provider is gone for good, call orderSettle with 0.00, or with what was taken."
)
_ONLY_RETRY = "Mend what stands in its way, then call orderRetry."
_SETTLE = (
    "What can't be given back so, pay another way, such as by a bank transfer,"
    " and then call orderSettle with what Order.owed tells."
)
_WHEN_DECIDED = "Where the open dispute stands in its way, it goes on by itself when that is decided."
_BANK_HAS_IT = "The buyer's bank has the money: it goes on by itself when the dispute is decided."
_OWED = "The buyer is owed it. Ask the buyer whether the account is open, then do one thing alone: "
_GIVE_ONCE_MORE = "give it back once more by orderRetry"
_ANOTHER_REFUND = "by another orderRefund of this amount"
_PAY_ANOTHER_WAY = (
    "pay it another way, such as by a bank transfer, and then call orderSettle with what Order.owed tells"
)


def attention(stopped: Stopped, error: str, is_refundable: bool, order: Refundable) -> str:
    """What stopped a saga of an order, and what a person does about it. ``is_refundable``: ``orderRefund`` is open to
    the order.
    """
    return f"{error.rstrip('.')}. {_way_out(stopped, is_refundable, order)}"


def _way_out(stopped: Stopped, is_refundable: bool, order: Refundable) -> str:
    if stopped.step is Step.RESTOCK:
        return _PIECES_BEFORE_MONEY if stopped.is_owed else _MONEY_IS_BACK
    if stopped.is_owed:
        return _owed(is_refundable, order)
    if stopped.kind is Kind.SHIPMENT:
        return _PARCEL_IS_STUCK
    if stopped.kind is Kind.REFUND and order.is_with_the_bank:
        return _BANK_HAS_IT
    if stopped.kind is Kind.ORDER and not order.is_captured:
        return _HOLD_IS_STUCK
    mending = _ORDER_IS_STUCK.format(_left(order)) if stopped.kind is Kind.ORDER else _of_refund(is_refundable, order)
    return f"{mending} {_WHEN_DECIDED if order.disputed_minor else _SETTLE}"


def _owed(is_refundable: bool, order: Refundable) -> str:
    ways = [
        _GIVE_ONCE_MORE,
        *([_ANOTHER_REFUND] if is_refundable else []),
        *([] if order.disputed_minor else [_PAY_ANOTHER_WAY]),
    ]
    return f"{_OWED}{', or '.join(ways)}."


def _of_refund(is_refundable: bool, order: Refundable) -> str:
    return f"{_left(order)} can be given back now. {_REFUND_IS_STUCK}" if is_refundable else _ONLY_RETRY


def _left(order: Refundable) -> str:
    left = Money(order.left_minor, order.currency)
    return f"{left.amount} {left.currency}"


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


_AUTHORIZATION_ENDED = (
    "The buyer can't be charged any more and nothing of it may leave: cancel the order by orderCancel;"
    " it can be ordered anew."
)


def attention_to_ended(reason: str) -> str:
    """What a person does about a confirmed order whose money can't be taken any more."""
    return f"{reason.rstrip('.')}. {_AUTHORIZATION_ENDED}"
