"""What payments and inventory tell of an order, without a server: what happens to its money elsewhere."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from subgraphs.orders.commands.decide_dispute import DecideDispute, decide_dispute
from subgraphs.orders.commands.hold_order import HoldOrder, hold_order
from subgraphs.orders.commands.record_capture import RecordCapture, record_capture
from subgraphs.orders.commands.record_due_time import RecordDueTime, record_due_time
from subgraphs.orders.commands.record_provider_refund import RecordProviderRefund, record_provider_refund
from subgraphs.orders.commands.record_returned_refund import RecordReturnedRefund, record_returned_refund
from subgraphs.orders.commands.record_void import RecordVoid, record_void
from subgraphs.orders.commands.record_waiting import RecordWaiting, record_waiting
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import CaptureTime, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.refund import RefundSource, RefundStatus
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import WaitingUnits
from tests.unit.orders.room import RejectingPayments, Room, unknown

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
DONE, FAILED = RefundStatus.DONE, RefundStatus.FAILED


def dispute(order_id: UUID, status: DisputeStatus, minor: int = 1000, hour: int = 0) -> Dispute:
    happened_at = NOON + timedelta(hours=hour)
    return Dispute(order_id, "dp_1", minor, "fraudulent", status, None, happened_at)


async def decide(room: Room, order_id: UUID, status: DisputeStatus, minor: int = 1000, hour: int = 1) -> None:
    await room.perform(decide_dispute, DecideDispute(dispute(order_id, status, minor, hour), 1))


async def test_what_somebody_refunded_at_the_provider_is_booked() -> None:
    room = Room()
    order_id = await room.confirmed(2)
    await room.perform(record_provider_refund, RecordProviderRefund(order_id, 1, 700))
    (row,) = room.refunds(order_id)
    assert (row.status, row.refund.source, room.order(order_id).refunded_minor) == (DONE, RefundSource.PROVIDER, 700)
    assert room.told(order_id)[-1] == "OrderRefunded"


async def test_all_of_it_refunded_there_makes_the_order_refunded_and_its_units_go_back() -> None:
    room = Room()
    order_id = await room.confirmed(2)
    await room.perform(record_provider_refund, RecordProviderRefund(order_id, 1, 2500))
    assert room.order(order_id).status is OrderStatus.REFUNDED
    assert "5.00 EUR more than was paid went back to the buyer: given back at the payment provider" in room.reasons(
        order_id
    )
    await room.run()
    assert room.available(order_id) == 100


async def test_news_of_earlier_attempts_and_of_unknown_orders_changes_nothing() -> None:
    room = Room()
    order_id = await room.confirmed()
    for command in (RecordProviderRefund(order_id, 2, 700), RecordProviderRefund(unknown(), 1, 700)):
        await room.perform(record_provider_refund, command)
    assert room.refunds(order_id) == []


async def test_an_order_whose_held_money_is_let_go_is_undone() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    await room.perform(record_void, RecordVoid(order_id, 1))
    await room.run()
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 100)
    assert "what was held for it was let go at the payment provider" in room.reasons(order_id)


async def test_an_order_that_is_paid_does_not_rely_on_a_hold() -> None:
    room = Room()
    order_id = await room.confirmed()
    await room.perform(record_void, RecordVoid(order_id, 1))
    assert room.order(order_id).status is OrderStatus.CONFIRMED


async def test_money_that_somebody_takes_at_the_provider_spares_the_first_shipment_from_it() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    await room.perform(record_capture, RecordCapture(order_id, 1, 999))
    assert not room.order(order_id).is_captured
    await room.perform(record_capture, RecordCapture(order_id, 1, 1000))
    assert room.order(order_id).is_captured
    await room.ship(order_id)
    assert (room.order(order_id).status, room.payments.asked[1:]) == (OrderStatus.SHIPPED, [])


async def test_a_refund_that_fails_later_is_owed_until_it_is_given_once_more() -> None:
    room = Room()
    order_id = await room.confirmed()
    refund_id = await room.refund(order_id)
    await room.run()
    assert room.order(order_id).status is OrderStatus.REFUNDED
    news = RecordReturnedRefund(order_id, 1, 1000, "account_closed", refund_id)
    await room.perform(record_returned_refund, news)
    assert (room.order(order_id).status, room.given(order_id)) == (OrderStatus.CONFIRMED, [(FAILED, 1000)])
    assert (room.step(refund_id), room.work.reports.seen["stuck REFUND"]) == (Step.STUCK, 1)
    told = "10.00 EUR came back from the buyer's bank (account_closed): the buyer is owed it"
    assert room.reasons(order_id)[-1] == told
    await room.perform(record_returned_refund, news)
    assert room.reasons(order_id).count(told) == 1
    another = await room.refund(order_id, minor=1000)
    await room.run()
    assert (room.step(refund_id), room.step(another)) == (Step.FAILED, Step.DONE)


async def test_a_part_of_what_somebody_refunded_there_comes_back() -> None:
    room = Room()
    order_id = await room.confirmed()
    await room.perform(record_provider_refund, RecordProviderRefund(order_id, 1, 700))
    await room.perform(record_returned_refund, RecordReturnedRefund(order_id, 1, 300, "closed", None))
    assert sorted(room.given(order_id)) == [(DONE, 400), (FAILED, 300)]
    assert room.order(order_id).refunded_minor == 400


async def test_a_dispute_holds_its_order_until_the_bank_has_decided() -> None:
    room = Room()
    order_id = await room.confirmed()
    await room.perform(hold_order, HoldOrder(dispute(order_id, DisputeStatus.OPEN), 1))
    await room.perform(record_due_time, RecordDueTime(dispute(order_id, DisputeStatus.OPEN, hour=1), 1))
    assert room.reasons(order_id)[-2:] == [
        "the buyer's bank disputes 10.00 EUR (fraudulent)",
        "evidence on the dispute of 10.00 EUR (fraudulent) is taken until no certain time",
    ]
    assert (await room.work.shipments.shippable(order_id)).hold is not None
    await decide(room, order_id, DisputeStatus.WON, hour=2)
    await decide(room, order_id, DisputeStatus.WON, hour=3)
    assert room.told(order_id)[2:] == ["OrderHeld", "OrderReleased"]
    assert (await room.work.shipments.shippable(order_id)).hold is None


async def test_what_a_bank_decides_for_the_buyer_is_booked_and_the_last_word_counts() -> None:
    room = Room()
    order_id = await room.confirmed(2)
    await room.perform(hold_order, HoldOrder(dispute(order_id, DisputeStatus.OPEN, 2000), 1))
    await decide(room, order_id, DisputeStatus.LOST, 2000)
    assert room.order(order_id).status is OrderStatus.REFUNDED
    assert room.refunds(order_id)[0].refund.source is RefundSource.DISPUTE
    await room.run()
    assert room.available(order_id) == 100
    await decide(room, order_id, DisputeStatus.WON, 2000, hour=2)
    (row,) = room.refunds(order_id)
    assert (row.status, row.is_owed, room.order(order_id).status) == (FAILED, True, OrderStatus.CONFIRMED)


async def test_of_a_cancelled_order_what_is_won_is_refunded_by_itself() -> None:
    room = Room(RejectingPayments("void", remaining_minor=400))
    order_id = await room.confirmed()
    await room.perform(hold_order, HoldOrder(dispute(order_id, DisputeStatus.OPEN, 600), 1))
    await room.cancel(order_id)
    await room.run()
    assert room.order(order_id).status is OrderStatus.CANCELLED
    room.payments._remaining_minor = 600
    await decide(room, order_id, DisputeStatus.WON, 600)
    await room.run()
    assert (room.given(order_id), room.order(order_id).refunded_minor) == ([(DONE, 400), (DONE, 600)], 1000)


async def test_what_the_provider_rejected_while_a_dispute_was_open_is_asked_for_again() -> None:
    payments = RejectingPayments("refund")
    room = Room(payments)
    order_id = await room.confirmed(2)
    await room.perform(hold_order, HoldOrder(dispute(order_id, DisputeStatus.OPEN, 500), 1))
    refund_id = await room.refund(order_id, Units(room.lines(order_id)[0], 1))
    await room.run()
    assert room.step(refund_id) is Step.STUCK
    payments.rejected.clear()
    await decide(room, order_id, DisputeStatus.WON, 500)
    await room.run()
    assert room.given(order_id) == [(DONE, 1000)]


async def test_the_latest_word_on_what_is_waited_for_counts() -> None:
    room = Room()
    order_id = await room.confirmed(3)
    (line_id,) = room.lines(order_id)
    for units, version in ((2, 5), (3, 4)):
        await room.perform(record_waiting, RecordWaiting(order_id, [WaitingUnits(line_id, units, version)]))
    assert [its.quantity for its in await room.work.orders.still_to_come(order_id)] == [2]
