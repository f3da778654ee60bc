"""Parcels: what may leave, and what an order becomes by it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UserErrors
from shared.ids import new_id
from subgraphs.orders.domain.order import OrderStatus, statuses_before
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.shipment import (
    AskedShipment,
    ShipmentStatus,
    Shippable,
    ShippableLine,
    check_deliverable,
    moves_on_delivery,
    moves_on_leaving,
    parse_shipment,
    plan_shipment,
)

ORDER = new_id()
LINES = [new_id(), new_id()]
CONFIRMED, PARTLY, SHIPPED = OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED


def asked(*pieces: tuple[UUID, int]) -> AskedShipment:
    """These pieces, or all that is left."""
    return AskedShipment(ORDER, [Pieces(*piece) for piece in pieces] or None, "DHL", None)


def order(*left: int, status: OrderStatus = CONFIRMED, undecided: ShipmentStatus | None = None) -> Shippable:
    """An order of two lines."""
    return Shippable(status, [ShippableLine(line, count) for line, count in zip(LINES, left, strict=False)], undecided)


def refusal(wanted: AskedShipment, found: Shippable) -> tuple[str, Sequence[str] | None, str]:
    with pytest.raises(UserErrors) as refused:
        plan_shipment(wanted, found)
    (error,) = refused.value.errors
    return error.code, error.field, error.message


def test_without_lines_all_that_is_left_leaves() -> None:
    assert plan_shipment(asked(), order(2, 3)) == [Pieces(LINES[0], 2), Pieces(LINES[1], 3)]
    assert plan_shipment(asked(), order(0, 3, status=PARTLY)) == [Pieces(LINES[1], 3)]


def test_when_nothing_is_left_nothing_leaves() -> None:
    assert refusal(asked(), order(0, 0, status=PARTLY))[:2] == ("EXCEEDS_REMAINING", ("orderId",))


@given(st.integers(0, 20), st.lists(st.integers(1, 9), max_size=20))
def test_whatever_is_asked_no_more_leaves_than_there_is(left: int, wanted: list[int]) -> None:
    sent = 0
    for quantity in wanted:
        if quantity > left - sent:
            assert refusal(asked((LINES[0], quantity)), order(left - sent))[0] == "EXCEEDS_REMAINING"
        else:
            (pieces,) = plan_shipment(asked((LINES[0], quantity)), order(left - sent))
            sent += pieces.quantity
    assert sent <= left


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {CONFIRMED, PARTLY}))
def test_only_a_confirmed_or_partly_shipped_order_is_shipped_and_the_message_names_the_status(status: OrderStatus) -> None:
    code, field, message = refusal(asked(), order(2, 3, status=status))
    assert (code, field) == ("WRONG_STATUS", ("orderId",))
    assert f"The order is {status}" in message


@pytest.mark.parametrize("undecided", [ShipmentStatus.PENDING, ShipmentStatus.REFUSED])
def test_while_the_money_is_not_taken_no_second_parcel_leaves(undecided: ShipmentStatus) -> None:
    assert refusal(asked((LINES[0], 1)), order(2, 3, undecided=undecided))[:2] == ("WRONG_STATUS", ("orderId",))


def test_a_line_of_another_order_is_named() -> None:
    wanted = asked((LINES[0], 1), (new_id(), 1))
    assert refusal(wanted, order(2, 3))[:2] == ("LINE_NOT_FOUND", ("lines", "1", "lineId"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"order_id": "x"}, ("orderId",)),
        ({"carrier": ""}, ("carrier",)),
        ({"carrier": "x" * 101}, ("carrier",)),
        ({"tracking_code": " "}, ("trackingCode",)),
        ({"tracking_code": "1\n2"}, ("trackingCode",)),
        ({"lines": []}, ("lines",)),
        ({"lines": [{"line_id": "x", "quantity": 1}]}, ("lines", "0", "lineId")),
        ({"lines": [{"line_id": str(LINES[0]), "quantity": 0}]}, ("lines", "0", "quantity")),
    ],
)
def test_a_mistake_is_named_by_its_field(change: dict[str, Any], field: tuple[str, ...]) -> None:
    with pytest.raises(UserErrors) as refused:
        parse_shipment({"order_id": str(ORDER), "carrier": "DHL", **change})
    assert [error.field for error in refused.value.errors] == [field]


def test_what_is_typed_is_trimmed_and_may_be_left_out() -> None:
    assert parse_shipment({"order_id": str(ORDER), "carrier": " DHL "}) == AskedShipment(ORDER, None, "DHL", None)
    typed = {"order_id": str(ORDER), "carrier": "DHL", "tracking_code": " 1 ", "lines": None}
    assert parse_shipment(typed) == AskedShipment(ORDER, None, "DHL", "1")


@pytest.mark.parametrize("status", sorted(set(ShipmentStatus) - {ShipmentStatus.SHIPPED}))
def test_only_a_parcel_on_its_way_arrives_and_the_message_names_the_status(status: ShipmentStatus) -> None:
    check_deliverable(ShipmentStatus.SHIPPED)
    with pytest.raises(UserErrors) as refused:
        check_deliverable(status)
    assert f"The shipment is {status}" in refused.value.errors[0].message


def test_an_order_is_shipped_when_nothing_of_it_is_left() -> None:
    assert moves_on_leaving(CONFIRMED, has_left=True) == (PARTLY,)
    assert moves_on_leaving(CONFIRMED, has_left=False) == (SHIPPED,)
    assert moves_on_leaving(PARTLY, has_left=True) == ()
    assert moves_on_leaving(PARTLY, has_left=False) == (SHIPPED,)


def test_an_order_is_delivered_when_all_parcels_of_all_of_it_are() -> None:
    assert moves_on_delivery(SHIPPED, has_left=False, are_all_delivered=True) == (OrderStatus.DELIVERED,)
    assert moves_on_delivery(SHIPPED, has_left=False, are_all_delivered=False) == ()
    assert moves_on_delivery(PARTLY, has_left=True, are_all_delivered=True) == ()
    assert moves_on_delivery(OrderStatus.REFUNDED, has_left=False, are_all_delivered=True) == ()


def test_an_order_whose_rest_was_refunded_is_shipped_and_delivered_at_once() -> None:
    assert moves_on_delivery(PARTLY, has_left=False, are_all_delivered=True) == (SHIPPED, OrderStatus.DELIVERED)


@given(st.sampled_from([CONFIRMED, PARTLY]), st.booleans())
def test_every_move_of_a_parcel_is_one_of_the_table(status: OrderStatus, has_left: bool) -> None:
    moves = [*moves_on_leaving(status, has_left)]
    moves += moves_on_delivery(moves[-1] if moves else status, has_left, are_all_delivered=True)
    for before, after in zip([status, *moves], moves, strict=False):
        assert before in statuses_before(after)
