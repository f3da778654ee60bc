"""The status of an order follows from what became of its units and money, whatever came first; and none is stuck on
the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from subgraphs.orders.domain.actions import ActionKind, Situation, available_actions
from subgraphs.orders.domain.order import OrderStatus, may_become, statuses_before
from subgraphs.orders.domain.paying_again import Payable
from subgraphs.orders.domain.refund import Refundable, RefundableLine
from subgraphs.orders.domain.shipment import ShipmentState, Shippable, ShippableLine
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.standing import LineStanding, Standing, status_of, transitions_between

CONFIRMED, PARTLY, SHIPPED = OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED
DELIVERED, REFUNDED = OrderStatus.DELIVERED, OrderStatus.REFUNDED
PRICE = 1000


@dataclass
class Kept:
    """An order of one line, as the commands keep it: each change asks the rule for the status that follows."""

    ordered: int
    status: OrderStatus = CONFIRMED
    shipped: int = 0
    refunded: int = 0
    refunding: int = 0
    on_their_way: list[int] = field(default_factory=list)
    seen: list[OrderStatus] = field(default_factory=list)

    @property
    def left(self) -> int:
        return max(0, self.ordered - self.shipped - self.refunded - self.refunding)

    def ship(self, units: int) -> None:
        sent = min(units, self.left)
        if self.status in (CONFIRMED, PARTLY) and sent:
            self.shipped += sent
            self.on_their_way.append(sent)
            self.move_on()

    def deliver(self) -> None:
        if self.on_their_way:
            self.on_their_way.pop()
            self.move_on()

    def begin_refund(self, units: int) -> None:
        if self.status is not REFUNDED:
            self.refunding += min(units, self.ordered - self.refunded - self.refunding)

    def end_refund(self, is_given: bool) -> None:
        self.refunded += self.refunding if is_given else 0
        self.refunding = 0
        self.move_on()

    def move_on(self) -> None:
        lines = [LineStanding(self.ordered, self.shipped, self.refunded)]
        standing = Standing(lines, bool(self.on_their_way), self.refunded == self.ordered)
        for status in transitions_between(self.status, status_of(standing)):
            assert self.status in statuses_before(status)
            self.status = status
            self.seen.append(status)

    def actions(self) -> set[ActionKind]:
        lines = [ShippableLine(new_id(), self.left)]
        shipments = [ShipmentState(new_id(), ShipmentStatus.SHIPPED) for _ in self.on_their_way]
        given = (self.refunded + self.refunding) * PRICE
        left = [RefundableLine(lines[0].id, PRICE, self.ordered - self.refunded - self.refunding)]
        refundable = Refundable(self.status, True, "EUR", self.ordered * PRICE, given, left)
        situation = Situation(
            Shippable(self.status, lines, None), refundable, (), shipments, Payable(self.status, None, True, True, None)
        )
        return {action.kind for action in available_actions(situation)}


def refund(order: Kept) -> None:
    order.begin_refund(1)
    order.end_refund(is_given=True)


CHANGES = {"ship": lambda order: order.ship(1), "deliver": Kept.deliver, "refund": refund}


def _orders_of(changes: Sequence[str]) -> Sequence[Sequence[str]]:
    """All orders in which a shipment leaves before it arrives."""
    return [order for order in permutations(changes) if order.index("ship") < order.index("deliver")]


@pytest.mark.parametrize("changes", _orders_of(["ship", "deliver", "refund"]), ids=" ".join)
def test_one_of_two_is_sent_and_arrives_and_the_other_is_refunded(changes: Sequence[str]) -> None:
    order = Kept(ordered=2)
    for change in changes:
        CHANGES[change](order)
    assert order.status is DELIVERED


STEPS = st.one_of(
    st.tuples(st.just("ship"), st.integers(1, 3)),
    st.tuples(st.just("deliver"), st.just(0)),
    st.tuples(st.just("begin"), st.integers(1, 3)),
    st.tuples(st.just("end"), st.integers(0, 1)),
)


def _apply(order: Kept, change: tuple[str, int]) -> None:
    match change:
        case "ship", units:
            order.ship(units)
        case "deliver", _:
            order.deliver()
        case "begin", units:
            order.begin_refund(units)
        case "end", is_given:
            order.end_refund(bool(is_given))


@given(st.integers(1, 5), st.lists(STEPS, max_size=15))
def test_the_status_is_what_the_facts_say_and_never_goes_back(ordered: int, changes: list[tuple[str, int]]) -> None:
    order = Kept(ordered)
    for change in changes:
        _apply(order, change)
        lines = [LineStanding(ordered, order.shipped, order.refunded)]
        assert order.status is status_of(Standing(lines, bool(order.on_their_way), order.refunded == ordered))
        assert order.shipped <= ordered
    assert order.seen == sorted(set(order.seen), key=[PARTLY, SHIPPED, DELIVERED, REFUNDED].index)


@given(st.integers(1, 5), st.lists(STEPS, max_size=15))
def test_whatever_happened_the_actions_that_are_listed_bring_an_order_to_its_end(
    ordered: int, changes: list[tuple[str, int]]
) -> None:
    order = Kept(ordered)
    for change in changes:
        _apply(order, change)
    order.end_refund(is_given=False)  # what is under way ends by itself
    for _ in range(2 * ordered + 2):
        if ActionKind.SHIP in order.actions():
            order.ship(1)
        elif ActionKind.DELIVER in order.actions():
            order.deliver()
    assert order.status in (DELIVERED, REFUNDED)
    assert order.actions() <= {ActionKind.REFUND}


def test_units_that_are_about_to_be_refunded_are_not_sent_and_make_no_order_shipped() -> None:
    order = Kept(ordered=2)
    order.begin_refund(1)
    order.ship(2)
    assert (order.shipped, order.status) == (1, PARTLY)
    order.end_refund(is_given=False)
    order.ship(2)
    assert (order.shipped, order.status) == (2, SHIPPED)


def test_an_order_of_which_all_was_given_back_is_refunded_whatever_left() -> None:
    assert status_of(Standing([LineStanding(2, 2, 0)], is_on_its_way=True, is_all_refunded=True)) is REFUNDED


@pytest.mark.parametrize("before", sorted(set(OrderStatus) - {CONFIRMED, PARTLY, SHIPPED, DELIVERED, REFUNDED}))
def test_an_order_that_is_not_confirmed_or_is_being_cancelled_is_not_moved_by_its_units(before: OrderStatus) -> None:
    assert transitions_between(before, DELIVERED) == ()


@given(st.sampled_from([CONFIRMED, PARTLY, SHIPPED, DELIVERED]))
def test_an_order_whose_money_came_back_has_the_status_of_its_units_again(after: OrderStatus) -> None:
    assert transitions_between(REFUNDED, after) == (after,)
    assert transitions_between(REFUNDED, REFUNDED) == ()


@given(
    st.sampled_from([CONFIRMED, PARTLY, SHIPPED, DELIVERED, REFUNDED]),
    st.sampled_from([PARTLY, SHIPPED, DELIVERED, REFUNDED]),
)
def test_every_move_is_one_of_the_table(before: OrderStatus, after: OrderStatus) -> None:
    for status in transitions_between(before, after):
        assert may_become(before, status)
        before = status
