"""Shipments: what may leave, and what may arrive."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejection
from shared.ids import new_id
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus, hold_of
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.rejections import (
    AllUnitsWait,
    FirstShipmentUndecided,
    LineNotFound,
    NotDeliverable,
    NothingLeftToShip,
    NotShippable,
    OrderHeld,
    TooManyUnitsToShip,
    UnitsWait,
)
from subgraphs.orders.domain.shipment import (
    ShipmentRequest,
    Shippable,
    ShippableLine,
    check_deliverable,
    plan_shipment,
)
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import to_come

Expected = TypeVar("Expected", bound=Rejection)
ORDER = new_id()
LINES = [new_id(), new_id()]
CONFIRMED, PARTLY, SHIPPED = OrderStatus.CONFIRMED, OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED


def asked(*units: tuple[UUID, int]) -> ShipmentRequest:
    """These units, or all that is left."""
    return ShipmentRequest(ORDER, [Units(*its) for its in units] or None, "DHL", None)


def order(*left: int, status: OrderStatus = CONFIRMED, undecided: ShipmentStatus | None = None) -> Shippable:
    """An order of two lines."""
    return Shippable(status, [ShippableLine(line, count) for line, count in zip(LINES, left, strict=False)], undecided)


def rejection(expected: type[Expected], wanted: ShipmentRequest, found: Shippable) -> Expected:
    with pytest.raises(expected) as rejected:
        plan_shipment(wanted, found)
    return rejected.value


def test_without_lines_all_that_is_left_leaves() -> None:
    assert plan_shipment(asked(), order(2, 3)) == [Units(LINES[0], 2), Units(LINES[1], 3)]
    assert plan_shipment(asked(), order(0, 3, status=PARTLY)) == [Units(LINES[1], 3)]


def test_when_nothing_is_left_nothing_leaves() -> None:
    rejection(NothingLeftToShip, asked(), order(0, 0, status=PARTLY))


DAY = date(2999, 12, 1)


def waiting(*lines: tuple[int, int]) -> Shippable:
    """An order of whose lines so many units are left, and so many of these wait."""
    return Shippable(CONFIRMED, [ShippableLine(LINES[place], *its, DAY) for place, its in enumerate(lines)], None)


def test_what_waits_stays_and_the_rest_leaves() -> None:
    assert plan_shipment(asked(), waiting((5, 3), (2, 2))) == [Units(LINES[0], 2)]
    assert plan_shipment(asked((LINES[0], 1)), waiting((5, 3))) == [Units(LINES[0], 1)]


def test_units_that_wait_are_rejected_with_their_number_and_their_day() -> None:
    found = rejection(UnitsWait, asked((LINES[0], 3)), waiting((5, 3)))
    assert (found.line_id, found.here, found.waiting, found.expected_from) == (LINES[0], 2, 3, DAY)
    assert rejection(TooManyUnitsToShip, asked((LINES[0], 6)), waiting((5, 3))).left == 5


@pytest.mark.parametrize(("left", "waits"), [(1, 1), (2, 3)])
def test_an_order_of_which_all_waits_is_rejected_with_its_day(left: int, waits: int) -> None:
    for wanted in (asked(), asked((LINES[0], 1))):
        found = rejection(AllUnitsWait, wanted, waiting((left, waits)))
        assert (found.status, found.units, found.expected_from) == (CONFIRMED, left, DAY)


def test_a_day_that_is_over_is_told_no_more() -> None:
    assert (to_come(DAY, DAY), to_come(DAY, date(2999, 12, 2)), to_come(None, DAY)) == (DAY, None, None)


@given(st.integers(0, 20), st.lists(st.integers(1, 9), max_size=20))
def test_whatever_is_asked_no_more_leaves_than_there_is(left: int, wanted: list[int]) -> None:
    shipped = 0
    for quantity in wanted:
        if quantity > left - shipped:
            expected = TooManyUnitsToShip if shipped < left else NothingLeftToShip
            rejection(expected, asked((LINES[0], quantity)), order(left - shipped))
        else:
            (units,) = plan_shipment(asked((LINES[0], quantity)), order(left - shipped))
            shipped += units.quantity
    assert shipped <= left


@pytest.mark.parametrize("status", sorted(set(OrderStatus) - {CONFIRMED, PARTLY}))
def test_only_a_confirmed_or_partly_shipped_order_is_shipped(status: OrderStatus) -> None:
    assert rejection(NotShippable, asked(), order(2, 3, status=status)).status is status


@pytest.mark.parametrize("undecided", [ShipmentStatus.PENDING, ShipmentStatus.REFUSED])
def test_while_the_money_is_not_taken_no_second_shipment_leaves(undecided: ShipmentStatus) -> None:
    found = rejection(FirstShipmentUndecided, asked((LINES[0], 1)), order(2, 3, undecided=undecided))
    assert found.undecided is undecided


def test_a_line_of_another_order_is_named() -> None:
    other = new_id()
    assert rejection(LineNotFound, asked((LINES[0], 1), (other, 1)), order(2, 3)).line_id == other


@pytest.mark.parametrize("status", sorted(set(ShipmentStatus) - {ShipmentStatus.SHIPPED}))
def test_only_a_shipment_on_its_way_arrives(status: ShipmentStatus) -> None:
    check_deliverable(ShipmentStatus.SHIPPED)
    with pytest.raises(NotDeliverable) as rejected:
        check_deliverable(status)
    assert rejected.value.status is status


def test_while_the_buyers_bank_disputes_its_money_nothing_of_an_order_leaves() -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    dispute = Dispute(ORDER, "dp_1", 1000, "fraudulent", DisputeStatus.OPEN, None, since)
    held = replace(order(2, 3), hold=hold_of([dispute], "EUR"))
    found = rejection(OrderHeld, asked(), held)
    assert "disputes 10.00 EUR of this order (fraudulent)" in found.hold.message
    decided = replace(dispute, status=DisputeStatus.WON)
    assert plan_shipment(asked(), replace(held, hold=hold_of([decided], "EUR")))
