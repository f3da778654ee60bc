"""Parcels: what may leave, and what an order becomes by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import UserErrors
from shared.ids import new_id
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, hold_of
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import Pieces
from subgraphs.orders.domain.shipment import (
    AskedShipment,
    ShipmentStatus,
    Shippable,
    ShippableLine,
    check_deliverable,
    parse_shipment,
    plan_shipment,
)
from subgraphs.orders.domain.waiting import to_come, when

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


DAY = date(2999, 12, 1)


def waiting(*lines: tuple[int, int]) -> Shippable:
    """An order of whose lines so many pieces are left, and so many of these wait."""
    return Shippable(CONFIRMED, [ShippableLine(LINES[place], *its, DAY) for place, its in enumerate(lines)], None)


def test_what_waits_stays_and_the_rest_leaves() -> None:
    assert plan_shipment(asked(), waiting((5, 3), (2, 2))) == [Pieces(LINES[0], 2)]
    assert plan_shipment(asked((LINES[0], 1)), waiting((5, 3))) == [Pieces(LINES[0], 1)]


def test_pieces_that_wait_are_refused_with_their_number_and_their_day() -> None:
    code, field, message = refusal(asked((LINES[0], 3)), waiting((5, 3)))
    assert (code, field) == ("EXCEEDS_REMAINING", ("lines", "0", "quantity"))
    assert "2 can be shipped now and 3 pieces wait, expected from 2999-12-01" in message
    assert "5 pieces of this line are left" in refusal(asked((LINES[0], 6)), waiting((5, 3)))[2]


@pytest.mark.parametrize(("left", "waits", "told"), [(1, 1, "1 piece waits"), (2, 3, "2 pieces wait")])
def test_an_order_of_which_all_waits_is_refused_with_the_way_out(left: int, waits: int, told: str) -> None:
    for wanted in (asked(), asked((LINES[0], 1))):
        code, field, message = refusal(wanted, waiting((left, waits)))
        assert (code, field) == ("EXCEEDS_REMAINING", ("orderId",))
        assert f"{told}, expected from 2999-12-01. Ship them when they have come" in message


def test_a_day_that_is_over_is_told_no_more() -> None:
    assert (to_come(DAY, DAY), to_come(DAY, date(2999, 12, 2)), to_come(None, DAY)) == (DAY, None, None)
    assert when(None) == "and nobody knows yet until when"


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
def test_only_a_confirmed_or_partly_shipped_order_is_shipped_and_the_message_names_the_status(
    status: OrderStatus,
) -> None:
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
        ({"tracking_code": "\u200b"}, ("trackingCode",)),
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


def test_while_the_buyers_bank_disputes_its_money_nothing_of_an_order_leaves() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    dispute = Dispute(ORDER, "dp_1", 1000, "fraudulent", DisputeStatus.OPEN, None, since)
    held = replace(order(2, 3), hold=hold_of([dispute], "EUR"))
    code, field, message = refusal(asked(), held)
    assert (code, field) == ("WRONG_STATUS", ("orderId",))
    assert "disputes 10.00 EUR of this order (fraudulent)" in message
    decided = replace(dispute, status=DisputeStatus.WON)
    assert plan_shipment(asked(), replace(held, hold=hold_of([decided], "EUR")))
