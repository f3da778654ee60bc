"""What is under way or stuck with an order, and what that allows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.errors import UserErrors
from subgraphs.orders.domain.errors import wrong_status
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus, statuses_before


@dataclass(frozen=True, slots=True)
class Undertaking:
    """A saga of an order. ``is_open``: a worker has it, or will; ``stuck_step``: where one stopped that waits for a person."""

    kind: Kind
    step: Step
    stuck_step: Step | None
    is_open: bool

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for a person."""
        return self.step is Step.STUCK


def check_cancellable(status: OrderStatus, undertakings: Sequence[Undertaking]) -> None:
    """Makes sure that an order can be cancelled now.

    Raises:
        UserErrors: naming the status and the way out.
    """
    if status not in statuses_before(OrderStatus.CANCELLING):
        raise UserErrors(wrong_status(_no_cancellation_of(status), "orderId"))
    if _has_open(undertakings, Kind.REFUND):
        message = f"The order is {status} and a refund of it is under way; cancel it when the refund is DONE or FAILED."
        raise UserErrors(wrong_status(message, "orderId"))
    if _has_open(undertakings, Kind.SHIPMENT):
        message = f"The order is {status} and a parcel of it is about to leave; ask for a refund when it has."
        raise UserErrors(wrong_status(message, "orderId"))


def check_retryable(status: OrderStatus, undertakings: Iterable[Undertaking]) -> None:
    """Makes sure that something of an order waits for a person.

    Raises:
        UserErrors: when nothing does.
    """
    if not any(undertaking.is_stuck for undertaking in undertakings):
        message = f"The order is {status} and nothing of it needs a person; there is nothing to retry."
        raise UserErrors(wrong_status(message, "orderId"))


def _has_open(undertakings: Iterable[Undertaking], kind: Kind) -> bool:
    return any(undertaking.kind is kind and undertaking.is_open for undertaking in undertakings)


def _no_cancellation_of(status: OrderStatus) -> str:
    match status:
        case OrderStatus.CANCELLING | OrderStatus.CANCELLED:
            return f"The order is {status} already; there is nothing left to do."
        case OrderStatus.REFUNDED:
            return "The order is REFUNDED: all of its money was given back already."
    return f"The order is {status}: a part of it has left already. Ask the shop for a refund instead."
