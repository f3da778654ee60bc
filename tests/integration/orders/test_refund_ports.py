"""One contract for the ports of refunds: the twins in memory and Postgres answer alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.ids import new_id
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import OrderStatus
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import GivenRefund, RefundSource, cancellation_id
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.domain.units import Units
from tests.integration.orders.order_kinds import DONE, FAILED, PENDING, Room


async def test_what_is_refundable_counts_what_is_pending_disputed_and_for_which_units(room: Room) -> None:
    order = await room.confirmed(3, 1)
    first, second = (line.id for line in order.lines)
    done = await room.refund(order, 1000, Units(first, 1))
    await room.run(lambda work: work.orders.add_refunded(done.id))
    await room.refund(order, 500, status=PENDING)
    await room.refund(order, 1000, Units(second, 1), status=FAILED)
    opened = Dispute(order.id, "dp_1", 700, "", DisputeStatus.OPEN, None, datetime.now(UTC))
    await room.run(lambda work: work.disputes.save(opened))
    found = await room.run(lambda work: work.refunds.refundable(order.id))
    assert (found.status, found.is_captured, found.currency) == (OrderStatus.CONFIRMED, True, "EUR")
    assert (found.total_minor, found.given_minor, found.disputed_minor) == (4000, 1500, 700)
    assert [(line.id, line.unit_price_minor, line.left) for line in found.lines] == [
        (first, 1000, 2),
        (second, 1000, 1),
    ]
    assert await room.run(lambda work: work.refunds.units_to_return(order.id)) == [Units(first, 2), Units(second, 1)]


async def test_a_refund_is_found_as_it_was_added(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.refund(
        order, 500, Units(order.lines[0].id, 1), source=RefundSource.PROVIDER, paid_outside="cash"
    )
    found = await room.run(lambda work: work.refunds.by_id(refund.id))
    assert found is not None
    assert replace(found, units=tuple(found.units)) == refund
    assert await room.run(lambda work: work.refunds.has_units(refund.id))
    assert await room.run(lambda work: work.refunds.by_id(new_id())) is None
    await room.run(lambda work: work.refunds.set_status(refund.id, FAILED, "closed"))
    failed = await room.run(lambda work: work.refunds.by_id(refund.id))
    assert failed is not None
    assert failed.paid_outside is None
    assert await room.run(lambda work: work.refunds.failure(refund.id)) == "closed"


async def test_units_are_added_to_refunds_and_settled(room: Room) -> None:
    order = await room.confirmed(3)
    (line,) = order.lines
    refund = await room.refund(order, 500)
    assert await room.run(lambda work: work.refunds.latest_without_units(order.id)) == refund.id
    await room.run(lambda work: work.refunds.add_units(refund.id, [Units(line.id, 1)]))
    assert not await room.run(lambda work: work.refunds.settle_units(refund.id))
    await room.run(lambda work: work.refunds.restock_with(refund.id, [Units(line.id, 1)]))
    found = await room.run(lambda work: work.refunds.by_id(refund.id))
    assert found is not None
    assert ([*found.units], found.is_restocking, found.has_settled_units) == ([Units(line.id, 2)], True, False)
    assert await room.run(lambda work: work.refunds.latest_without_units(order.id)) is None


async def test_rejected_refunds_are_ended_or_taken_up_again(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.rejected(order, 500)
    for found in (
        await room.run(lambda work: work.refunds.rejected(order.id)),
        await room.run(lambda work: work.refunds.rejected_by_provider(order.id)),
    ):
        assert [each.id for each in found] == [refund.id]
    stuck = Undertaking(Kind.REFUND, Step.STUCK, Step.REFUND, is_open=False, amount_minor=500)
    assert await room.undertaking(order.id) == stuck
    assert [*await room.run(lambda work: work.sagas.resume_stuck(order.id))] == ["REFUND REFUND"]
    assert (await room.run(lambda work: work.refunds.refundable(order.id))).given_minor == 500
    saga = await room.claimed()
    await room.run(lambda work: work.sagas.park(saga, "no"))
    await room.run(lambda work: work.refunds.end_rejected([refund]))
    assert (await room.undertaking(order.id)).step is Step.FAILED
    assert [*await room.run(lambda work: work.refunds.rejected(order.id))] == []


@pytest.mark.parametrize("is_restocking", [False, True])
async def test_what_a_cancellation_takes_the_place_of_keeps_its_units_out_where_it_was_to(
    room: Room, is_restocking: bool
) -> None:
    order = await room.confirmed(2)
    units = Units(order.lines[0].id, 1)
    refund = await room.rejected(order, 500, units, is_restocking=is_restocking)
    await room.run(lambda work: work.refunds.end_for_cancellation(order.id))
    kept_out = await room.run(lambda work: work.refunds.keeping_units_out(order.id))
    assert [each.id for each in kept_out] == ([] if is_restocking else [refund.id])
    left = 2 if is_restocking else 1
    assert await room.run(lambda work: work.refunds.units_to_return(order.id)) == [Units(units.line_id, left)]
    assert await room.run(lambda work: work.orders.units_here(order.id)) == [Units(units.line_id, left)]
    assert (await room.undertaking(order.id)).step is Step.FAILED


async def test_what_no_money_is_left_for_ends_and_tells_inventory_of_what_it_keeps_out(room: Room) -> None:
    order = await room.confirmed(2)
    refund = await room.rejected(order, 500, Units(order.lines[0].id, 1))
    await room.run(lambda work: work.refunds.end_keeping_units_out(refund))
    found = await room.undertaking(order.id)
    assert (found.step, found.is_open) == (Step.RESTOCK, True)


async def test_refunds_under_way_end_when_nothing_is_left(room: Room) -> None:
    order = await room.confirmed(2)
    refund = await room.refund(order, 500, status=PENDING)
    free = await room.refund(order, 0, Units(order.lines[0].id, 1), status=PENDING)
    for each in (refund, free):
        await room.start(each.id, Kind.REFUND, order)
    await room.run(lambda work: work.refunds.end_open(order.id))
    assert not await room.run(lambda work: work.sagas.is_open(refund.id))
    assert await room.run(lambda work: work.sagas.is_open(free.id))
    assert (await room.run(lambda work: work.refunds.refundable(order.id))).given_minor == 0


async def test_money_that_comes_back_is_owed(room: Room) -> None:
    order = await room.confirmed(2)
    refund = await room.refund(order, 500, Units(order.lines[0].id, 1))
    await room.run(lambda work: work.refunds.record_returned(refund.id, "closed", is_owed=True))
    await room.run(lambda work: work.sagas.leave_owed(refund.id, order.id, "closed"))
    found = await room.run(lambda work: work.refunds.by_id(refund.id))
    assert found is not None
    assert found.times_back == 1
    assert [each.id for each in await room.run(lambda work: work.refunds.rejected(order.id))] == [refund.id]
    assert [*await room.run(lambda work: work.refunds.rejected_by_provider(order.id))] == []
    await room.run(lambda work: work.sagas.ask_again(order.id))
    assert (await room.undertaking(order.id)).is_stuck
    assert await room.run(lambda work: work.refunds.settle_units(refund.id))


async def test_a_refund_that_failed_is_found_by_what_orders_asked_by(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.refund(order, 500)
    locked = await room.lock(order.id)
    found = await room.run(lambda work: work.refunds.of_key(locked, refund.id, 500, "undone"))
    assert found == GivenRefund(refund.id, DONE, 500)
    assert await room.run(lambda work: work.refunds.of_key(locked, new_id(), 500, "undone")) is None
    undoing = await room.run(lambda work: work.refunds.of_key(locked, order.id, 700, "undone"))
    assert undoing == GivenRefund(cancellation_id(order.id, 1), PENDING, 700)


async def test_a_refund_is_found_by_its_source_the_one_of_just_this_amount_first(room: Room) -> None:
    order = await room.confirmed()
    ids = [(await room.refund(order, minor, source=RefundSource.PROVIDER)).id for minor in (300, 900, 500)]

    async def find(work: OrdersWork) -> list[GivenRefund | None]:
        return [await work.refunds.of_source(order.id, RefundSource.PROVIDER, minor) for minor in (300, 400, 900, 950)]

    assert [each.id for each in await room.run(find) if each] == [ids[0], ids[2], ids[1], ids[2]]
    assert await room.run(lambda work: work.refunds.of_source(order.id, RefundSource.DISPUTE, 5)) is None


async def test_a_part_of_a_refund_becomes_one_of_its_own(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.refund(order, 500, source=RefundSource.PROVIDER)
    part = await room.run(lambda work: work.refunds.split(GivenRefund(refund.id, DONE, 500), 200))
    found = await room.run(lambda work: work.refunds.by_id(refund.id))
    apart = await room.run(lambda work: work.refunds.by_id(part.id))
    assert [each.amount_minor for each in (found, apart) if each] == [300, 200]
