"""What callers may ask of carts: each mistake names its field and the way out."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from shared.errors import UserErrors
from subgraphs.orders.commands.add_cart_lines import AddCartLines
from subgraphs.orders.commands.merge_carts import MergeCarts
from subgraphs.orders.commands.remove_cart_lines import RemoveCartLines
from subgraphs.orders.commands.update_cart_lines import UpdateCartLines
from subgraphs.orders.domain.cart_changes import WantedQuantity, WantedUnits
from subgraphs.orders.entrypoints.graphql.cart_inputs import additions, merge, removals, updates

CART, SHIRT, LINE = (UUID(int=number) for number in (1, 2, 3))
ADA = UUID(int=9)
NOTHING = UUID(int=0)


def mistakes(read: Callable[[], object]) -> list[tuple[str, tuple[str, ...] | None]]:
    """Code and field of each."""
    with pytest.raises(UserErrors) as rejected:
        read()
    return [(error.code, error.field) for error in rejected.value.errors]


def adding(*lines: tuple[str, int], cart_id: str = str(CART)) -> AddCartLines:
    named = [{"variant_id": variant_id, "quantity": quantity} for variant_id, quantity in lines]
    return additions({"cart_id": cart_id, "lines": named}, ADA)


def updating(*lines: tuple[str, int], cart_id: str = str(CART)) -> UpdateCartLines:
    named = [{"line_id": line_id, "quantity": quantity} for line_id, quantity in lines]
    return updates({"cart_id": cart_id, "lines": named}, ADA)


def removing(*line_ids: str, cart_id: str = str(CART)) -> RemoveCartLines:
    return removals({"cart_id": cart_id, "line_ids": line_ids}, None)


def test_what_is_right_is_read_and_what_can_be_no_id_is_of_nothing() -> None:
    wanted = [WantedUnits(SHIRT, 1), WantedUnits(NOTHING, 999), WantedUnits(SHIRT, 2)]
    assert adding((str(SHIRT), 1), ("x", 999), (str(SHIRT), 2)) == AddCartLines(CART, ADA, wanted)
    quantities = [WantedQuantity(LINE, 1), WantedQuantity(NOTHING, 2), WantedQuantity(NOTHING, 999)]
    assert updating((str(LINE), 1), ("x", 2), ("x", 999)) == UpdateCartLines(CART, ADA, quantities)
    assert removing(str(LINE), "x", str(LINE)) == RemoveCartLines(CART, None, [LINE, NOTHING, LINE])
    assert merge({"cart_id": str(CART)}, ADA) == MergeCarts(CART, ADA)


@pytest.mark.parametrize("quantity", [0, -1, 1000, 2**31 - 1])
def test_a_quantity_out_of_range_is_named(quantity: int) -> None:
    expected = [("QUANTITY_OUT_OF_RANGE", ("lines", "1", "quantity"))]
    assert mistakes(lambda: adding((str(SHIRT), 1), (str(SHIRT), quantity))) == expected
    assert mistakes(lambda: updating((str(LINE), 1), ("x", quantity))) == expected


@pytest.mark.parametrize("count", [0, 101])
def test_naming_no_line_or_too_many_is_one_mistake_whatever_is_wrong_with_each(count: int) -> None:
    assert mistakes(lambda: adding(*[("x", 0)] * count, cart_id="x")) == [("INVALID", ("lines",))]
    assert mistakes(lambda: updating(*[("x", 0)] * count, cart_id="x")) == [("INVALID", ("lines",))]
    assert mistakes(lambda: removing(*["x"] * count, cart_id="x")) == [("INVALID", ("lineIds",))]


def test_a_line_named_twice_is_named_besides_wrong_quantities() -> None:
    lines = [(str(LINE), 1), (str(LINE), 2), ("x", 0), (str(LINE).replace("-", ""), 3)]
    assert mistakes(lambda: updating(*lines)) == [
        ("QUANTITY_OUT_OF_RANGE", ("lines", "2", "quantity")),
        ("INVALID", ("lines", "1", "lineId")),
        ("INVALID", ("lines", "3", "lineId")),
    ]


@pytest.mark.parametrize("cart_id", ["", "x", "\0", "9" * 5000])
def test_what_can_be_no_cart_is_not_found(cart_id: str) -> None:
    reads: list[Callable[[], Any]] = [
        lambda: adding((str(SHIRT), 1), cart_id=cart_id),
        lambda: updating((str(LINE), 1), cart_id=cart_id),
        lambda: removing(str(LINE), cart_id=cart_id),
        lambda: merge({"cart_id": cart_id}, ADA),
    ]
    assert [mistakes(read) for read in reads] == [[("CART_NOT_FOUND", ("cartId",))]] * 4
