"""Orders: their status transitions and their numbers."""

import re
from enum import StrEnum
from pathlib import Path

from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.order import TRANSITIONS, Actor, OrderStatus, new_order_number, statuses_before
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.entrypoints.graphql.cart_problems import CartLineProblemCode, CartProblemCode
from subgraphs.orders.entrypoints.graphql.codes import OrderErrorCode

KINDS: list[tuple[str, type[StrEnum]]] = [
    ("OrderStatus", OrderStatus),
    ("OrderCancellationCode", CancellationCode),
    ("CartLineProblemCode", CartLineProblemCode),
    ("CartProblemCode", CartProblemCode),
    ("OrderErrorCode", OrderErrorCode),
    ("OrderActor", Actor),
    ("OrderRefundStatus", RefundStatus),
]


def test_an_order_ends_once_unless_it_is_paid_again() -> None:
    assert TRANSITIONS[OrderStatus.REFUNDED] == frozenset()
    assert TRANSITIONS[OrderStatus.CANCELLED] == {OrderStatus.PENDING}
    assert statuses_before(OrderStatus.CONFIRMED) == [OrderStatus.PENDING]
    assert statuses_before(OrderStatus.PENDING) == [OrderStatus.AWAITING_PAYMENT_ACTION, OrderStatus.CANCELLED]


def test_an_order_is_cancelled_only_while_nothing_of_it_has_left() -> None:
    before_it_left = [OrderStatus.PENDING, OrderStatus.AWAITING_PAYMENT_ACTION, OrderStatus.CONFIRMED]
    assert statuses_before(OrderStatus.CANCELLING) == before_it_left


def test_all_of_an_order_is_refunded_only_after_it_was_paid() -> None:
    paid = {OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.DELIVERED}
    assert set(statuses_before(OrderStatus.REFUNDED)) == paid


def test_every_status_can_be_reached_and_none_leads_back_to_itself() -> None:
    reached, new = {OrderStatus.PENDING}, {OrderStatus.PENDING}
    while new:
        new = {after for before in new for after in TRANSITIONS[before]} - reached
        reached |= new
    assert reached == set(OrderStatus)
    assert not any(status in followers for status, followers in TRANSITIONS.items())


def test_each_status_is_in_the_table_of_moves() -> None:
    assert set(TRANSITIONS) == set(OrderStatus)


def test_a_number_can_be_read_out_and_is_never_the_same() -> None:
    numbers = [new_order_number() for _ in range(1000)]
    assert len(set(numbers)) == 1000
    assert all(re.fullmatch(r"M-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number) for number in numbers)


def test_all_words_of_the_contract_are_known() -> None:
    contract = Path("schema/orders.graphql").read_text()
    for enum, values in KINDS:
        body = re.search(rf"enum {enum} {{(.*?)}}", contract, re.DOTALL)
        assert body is not None
        assert set(re.findall(r"^  ([A-Z_]+)$", body[1], re.MULTILINE)) == set(values)
