"""Which rejected refunds another one takes the place of, and how much is left of them to give back."""

from dataclasses import replace
from uuid import UUID

from shared.ids import new_id
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Refund, Refundable
from subgraphs.orders.domain.rejected_refund import cut_short, replaced
from subgraphs.orders.domain.units import Units

LAMP, BOWL = new_id(), new_id()


def refund(amount_minor: int, *line_ids: UUID) -> Refund:
    units = [Units(line_id, 1) for line_id in line_ids]
    return Refund(new_id(), new_id(), amount_minor, "broken", False, units)


def order(left_minor: int) -> Refundable:
    return Refundable(OrderStatus.CONFIRMED, True, "EUR", left_minor, 0, ())


def test_a_refund_takes_the_place_of_rejected_ones_for_its_lines_alone() -> None:
    for_lamp, for_both, for_bowl, by_amount = refund(10, LAMP), refund(30, LAMP, BOWL), refund(20, BOWL), refund(5)
    rejected = [for_lamp, for_both, for_bowl, by_amount]
    assert replaced(rejected, refund(10, LAMP), order(100)) == [for_lamp, for_both]
    assert replaced(rejected, refund(7), order(100)) == [by_amount]


def test_a_refund_by_amount_takes_the_place_of_those_whose_money_came_back_since_their_units_are_settled() -> None:
    came_back, rejected = replace(refund(10, LAMP), times_back=1), refund(10, BOWL)
    assert replaced([came_back, rejected], refund(10), order(100)) == [came_back]
    assert replaced([came_back, rejected], refund(10, BOWL), order(100)) == [rejected]


def test_a_refund_of_all_that_is_left_takes_the_place_of_all() -> None:
    rejected = [refund(10, LAMP), refund(5)]
    assert replaced(rejected, refund(100, BOWL), order(100)) == rejected


def test_rejected_refunds_ask_for_no_more_than_is_left_the_oldest_first() -> None:
    first, second, third = refund(10, LAMP), refund(20), refund(5)
    assert [*cut_short([first, second, third], 35)] == []
    assert [*cut_short([first, second, third], 25)] == [(second, 15), (third, 0)]


def test_what_came_back_is_replaced_only_by_as_much_and_what_was_rejected_by_whatever_staff_want_now() -> None:
    came_back, again, rejected = (replace(refund(10, LAMP), times_back=1), replace(refund(5), times_back=2), refund(50))
    owed = [came_back, again, rejected]
    assert replaced(owed, refund(4), order(100)) == [rejected]
    assert replaced(owed, refund(9), order(100)) == [again, rejected]
    assert replaced(owed, refund(14), order(100)) == [came_back, rejected]
    assert replaced(owed, refund(15), order(100)) == owed
