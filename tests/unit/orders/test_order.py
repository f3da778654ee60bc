"""Orders: their moves and their numbers."""

import re
from enum import StrEnum
from pathlib import Path

from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.cart import CartLineProblemCode
from subgraphs.orders.domain.errors import OrderErrorCode
from subgraphs.orders.domain.order import MOVES, OrderStatus, new_order_number, statuses_before

KINDS: list[tuple[str, type[StrEnum]]] = [
    ("OrderStatus", OrderStatus),
    ("OrderCancellationCode", CancellationCode),
    ("CartLineProblemCode", CartLineProblemCode),
    ("OrderErrorCode", OrderErrorCode),
]


def test_an_order_is_settled_once() -> None:
    assert statuses_before(OrderStatus.CONFIRMED) == statuses_before(OrderStatus.CANCELLED) == [OrderStatus.PENDING]
    assert statuses_before(OrderStatus.PENDING) == []


def test_each_status_is_in_the_table_of_moves() -> None:
    assert set(MOVES) == set(OrderStatus)


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
