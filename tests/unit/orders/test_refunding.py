"""Refunds from the request to their end, and what staff do about those that are rejected."""

from dataclasses import replace

import pytest

from shared.money import Money
from subgraphs.orders.commands.retry_order import RetryOrder, retry_order
from subgraphs.orders.commands.settle_order import SettleOrder, settle_order
from subgraphs.orders.domain.fulfilment import CaptureTime, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import RefundStatus
from subgraphs.orders.domain.rejections import (
    NotCancellable,
    NothingOwed,
    NothingStuck,
    NotRefundable,
    OrderNotFound,
    OtherAmountOwed,
    RefundUnderWay,
    ShipmentUnderWay,
)
from subgraphs.orders.domain.units import Units
from tests.unit.orders.room import STAFF, RejectingPayments, Room, unknown

DONE, FAILED, PENDING = RefundStatus.DONE, RefundStatus.FAILED, RefundStatus.PENDING


async def test_a_refund_of_units_is_given_told_and_put_back_into_stock() -> None:
    room = Room()
    order_id = await room.confirmed(3)
    refund_id = await room.refund(order_id, Units(room.lines(order_id)[0], 2), is_restocking=True)
    assert room.given(order_id) == [(PENDING, 2000)]
    await room.run()
    assert (room.given(order_id), room.step(refund_id)) == ([(DONE, 2000)], Step.DONE)
    assert (room.order(order_id).refunded_minor, room.order(order_id).status) == (2000, OrderStatus.CONFIRMED)
    assert (room.available(order_id), room.told(order_id)[-1]) == (99, "OrderRefunded")
    assert room.payments.asked[-1] == "refund 2000"


async def test_a_refund_of_all_that_is_left_makes_the_order_refunded() -> None:
    room = Room()
    order_id = await room.confirmed(1, 1)
    await room.refund(order_id)
    await room.run()
    assert (room.order(order_id).status, room.given(order_id)) == (OrderStatus.REFUNDED, [(DONE, 2000)])
    assert room.reasons(order_id)[-1] == "all of its money was given back"


async def test_an_amount_that_is_all_of_the_money_puts_what_is_here_back_into_stock() -> None:
    room = Room()
    order_id = await room.confirmed(2)
    await room.refund(order_id, minor=2000)
    await room.run()
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.REFUNDED, 100)


async def test_units_whose_money_went_back_as_an_amount_are_closed_without_asking_the_provider() -> None:
    room = Room()
    order_id = await room.confirmed(1)
    await room.refund(order_id, minor=600)
    await room.run()
    await room.refund(order_id, Units(room.lines(order_id)[0], 1))
    await room.run()
    asked = [question for question in room.payments.asked if question.startswith("refund")]
    assert (asked, room.given(order_id)) == (["refund 600", "refund 400"], [(DONE, 600), (DONE, 400)])


async def test_what_is_rejected_is_stuck_and_another_refund_takes_its_place() -> None:
    payments = RejectingPayments("refund")
    room = Room(payments)
    order_id = await room.confirmed(2)
    first = await room.refund(order_id, minor=500)
    await room.run()
    (row,) = room.refunds(order_id)
    assert (row.status, row.failure, room.step(first)) == (FAILED, "REFUND was refused: no", Step.STUCK)
    payments.rejected.clear()
    await room.refund(order_id, minor=700)
    assert room.step(first) is Step.FAILED
    await room.run()
    assert room.given(order_id) == [(FAILED, 500), (DONE, 700)]


async def test_what_is_stuck_is_resumed_with_a_line_of_who_wanted_it() -> None:
    payments = RejectingPayments("refund")
    room = Room(payments)
    order_id = await room.confirmed()
    refund_id = await room.refund(order_id)
    await room.run()
    payments.rejected.clear()
    assert await room.perform(retry_order, RetryOrder(order_id, STAFF)) == order_id
    assert room.given(order_id) == [(PENDING, 1000)]
    line = room.order(order_id).history[-1]
    assert (line.cause.reason, line.cause.user_id) == ("taken up again: REFUND REFUND", STAFF)
    await room.run()
    assert (room.step(refund_id), room.order(order_id).status) == (Step.DONE, OrderStatus.REFUNDED)


async def test_what_is_rejected_can_be_paid_outside_of_the_provider() -> None:
    room = Room(RejectingPayments("refund"))
    order_id = await room.confirmed()
    await room.refund(order_id, minor=400)
    await room.run()
    with pytest.raises(OtherAmountOwed) as rejected:
        await room.perform(settle_order, SettleOrder(order_id, Money(500, "EUR"), "by bank transfer", STAFF))
    assert rejected.value.owed == Money(400, "EUR")
    await room.perform(settle_order, SettleOrder(order_id, Money(400, "EUR"), "by bank transfer", STAFF))
    await room.run()
    assert room.given(order_id) == [(DONE, 400)]
    assert room.payments.asked[-1].startswith("settle Settlement(paid_minor=400")
    assert "4.00 EUR, which the provider did not give back, were paid another way" in room.reasons(order_id)


async def test_a_cancellation_that_is_stuck_is_settled_with_all_that_is_left() -> None:
    room = Room(RejectingPayments("void", "refund"))
    order_id = await room.confirmed(2)
    await room.cancel(order_id)
    await room.run()
    await room.perform(settle_order, SettleOrder(order_id, Money(2000, "EUR"), "in cash", STAFF))
    await room.run()
    assert room.order(order_id).status is OrderStatus.CANCELLED
    (row,) = room.refunds(order_id)
    assert (row.refund.amount_minor, row.refund.paid_outside) == (2000, "in cash")


async def test_a_cancellation_takes_the_place_of_rejected_refunds_and_keeps_their_units_out() -> None:
    payments = RejectingPayments("refund", remaining_minor=2000)
    room = Room(payments)
    order_id = await room.confirmed(2)
    refund_id = await room.refund(order_id, Units(room.lines(order_id)[0], 1))
    await room.run()
    payments.rejected = {"void"}
    await room.cancel(order_id)
    assert room.step(refund_id) is Step.FAILED
    await room.run()
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 99)


async def test_of_a_rejected_refund_only_what_is_left_is_asked_for_once_more() -> None:
    payments = RejectingPayments("refund")
    room = Room(payments)
    order_id = await room.confirmed()
    await room.refund(order_id, minor=800)
    await room.run()
    order = room.order(order_id)
    order.refunded_minor = 500  # somebody else gave as much
    await room.perform(retry_order, RetryOrder(order_id, STAFF))
    assert room.given(order_id) == [(FAILED, 800), (PENDING, 500)]
    assert room.reasons(order_id)[-1].startswith("of a refused refund of 8.00 EUR only 5.00 are left to give back")


@pytest.mark.parametrize("order_id", [unknown()])
async def test_what_is_missing_or_somebody_elses_can_not_be_changed(order_id: object) -> None:
    room = Room()
    placed = await room.placed()
    for attempt in (
        lambda: room.refund(unknown()),
        lambda: room.cancel(unknown()),
        lambda: room.cancel(placed, STAFF),
        lambda: room.perform(retry_order, RetryOrder(unknown(), STAFF)),
        lambda: room.perform(settle_order, SettleOrder(unknown(), Money(0, "EUR"), "in cash", STAFF)),
    ):
        with pytest.raises(OrderNotFound):
            await attempt()


async def test_an_order_that_is_all_right_has_nothing_to_resume_or_to_settle() -> None:
    room = Room()
    order_id = await room.confirmed()
    with pytest.raises(NothingStuck):
        await room.perform(retry_order, RetryOrder(order_id, STAFF))
    with pytest.raises(NothingOwed):
        await room.perform(settle_order, SettleOrder(order_id, Money(0, "EUR"), "in cash", STAFF))


async def test_a_rejected_request_leaves_no_trace() -> None:
    room = Room()
    order_id = await room.placed()
    before = replace(room.order(order_id))
    with pytest.raises(NotRefundable):
        await room.refund(order_id)
    assert (room.order(order_id), room.refunds(order_id)) == (before, [])


async def test_an_order_is_not_cancelled_while_a_refund_or_a_shipment_is_under_way_or_once_a_part_has_left() -> None:
    room = Room()
    order_id = await room.confirmed(2)
    await room.refund(order_id, minor=100)
    with pytest.raises(RefundUnderWay):
        await room.cancel(order_id)
    await room.run()
    await room.ship(order_id, Units(room.lines(order_id)[0], 1))
    with pytest.raises(NotCancellable) as rejected:
        await room.cancel(order_id)
    assert rejected.value.status is OrderStatus.PARTIALLY_SHIPPED


async def test_an_order_is_not_cancelled_while_its_money_is_being_taken() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    await room.ship(order_id)
    with pytest.raises(ShipmentUnderWay):
        await room.cancel(order_id)
