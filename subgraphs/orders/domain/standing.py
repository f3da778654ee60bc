"""What an order's status is, once it is confirmed: one rule, by what became of its units and its money.

Whoever changes either asks this rule afterwards, so that the order in which shipments leave, shipments arrive and
refunds end makes no difference. A refund counts when it is DONE: one that may still fail makes no order SHIPPED. Where
a line was shipped in part and refunded in part, nobody says which units the refund is for; it is taken to be for those
that are still here.

A refund whose money came back later from the buyer's bank counts no more, but what became of its units stays so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from subgraphs.orders.domain.order import TRANSITIONS, TRANSITIONS_BACK, OrderStatus

_ROAD = (
    OrderStatus.CONFIRMED,
    OrderStatus.PARTIALLY_SHIPPED,
    OrderStatus.SHIPPED,
    OrderStatus.DELIVERED,
    OrderStatus.REFUNDED,
)


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line's units: how many were ordered, have left in shipments, and were refunded for good."""

    ordered: int
    shipped: int
    refunded: int

    @property
    def is_open(self) -> bool:
        """Whether units of it are still to be shipped."""
        return self.ordered > self.shipped + self.refunded


@dataclass(frozen=True, slots=True)
class Standing:
    """An order as far as its status goes. ``is_on_its_way``: a shipment left and did not arrive yet.

    ``is_all_refunded``: all of its money, or all of its units where they cost nothing.
    """

    lines: Sequence[LineStanding]
    is_on_its_way: bool
    is_all_refunded: bool

    @property
    def has_open(self) -> bool:
        """Whether units are still to be shipped."""
        return any(line.is_open for line in self.lines)


def status_of(standing: Standing) -> OrderStatus:
    """The status of an order that was confirmed and is not being cancelled."""
    if standing.is_all_refunded:
        return OrderStatus.REFUNDED
    if not any(line.shipped for line in standing.lines):
        return OrderStatus.CONFIRMED
    if standing.has_open:
        return OrderStatus.PARTIALLY_SHIPPED
    return OrderStatus.SHIPPED if standing.is_on_its_way else OrderStatus.DELIVERED


def transitions_between(before: OrderStatus, after: OrderStatus) -> Sequence[OrderStatus]:
    """The statuses that an order takes on its way; none for one that is not on the road from CONFIRMED, or is further
    already.

    Only one that was REFUNDED goes back, when its money came back.
    """
    if after in TRANSITIONS_BACK.get(before, ()):
        return (after,)
    if before not in _ROAD or _ROAD.index(after) <= _ROAD.index(before):
        return ()
    return (after,) if after in TRANSITIONS[before] else (OrderStatus.SHIPPED, after)
