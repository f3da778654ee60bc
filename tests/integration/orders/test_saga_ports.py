"""One contract for the ports of sagas: the twins in memory and Postgres answer alike."""

from dataclasses import replace

from shared.ids import new_id
from subgraphs.orders.domain.cancellation import action_not_taken, asked_for_by, timed_out
from subgraphs.orders.domain.fulfilment import Kind, Saga, Settlement, Step
from subgraphs.orders.domain.order import Actor, OrderStatus
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.units import Units
from tests.integration.orders.order_kinds import BY_SHOP, BY_STAFF, CONFIRMATION, LEASE, NEVER, Room


async def test_a_placed_order_has_a_saga_at_its_first_step(room: Room) -> None:
    order = await room.placed()
    saga = await room.claimed()
    assert (saga.id, saga.kind, saga.order, saga.step) == (order.id, Kind.ORDER, order, Step.RESERVE)
    assert (saga.attempts, saga.fence, saga.payment_method_id) == (1, 1, "pm_card_visa")
    assert (saga.is_overdue, saga.cancellation, saga.is_cancel_requested, saga.settlement) == (False, None, False, None)


async def test_a_claimed_saga_is_nobody_elses(room: Room) -> None:
    await room.placed()
    await room.claimed()
    assert [*await room.run(lambda work: work.sagas.claim_due("two", 10, LEASE))] == []


async def test_a_saga_whose_lease_is_over_is_taken_over_and_its_worker_fenced(room: Room) -> None:
    await room.placed()
    stalled, current = await room.claimed(lease_seconds=0), await room.claimed("two")
    assert (current.fence, current.attempts) == (2, 2)

    async def write(work: OrdersWork) -> list[object]:
        return [
            await work.sagas.advance(stalled, Step.CAPTURE, None, LEASE),
            await work.sagas.postpone(stalled, 0, "no"),
            await work.sagas.finish(stalled, Step.DONE),
            await work.sagas.park(stalled, "no"),
            await work.orders.transition(stalled, CONFIRMATION, LEASE),
        ]

    assert await room.run(write) == [None, False, False, False, None]
    advanced = await room.run(lambda work: work.sagas.advance(current, Step.AUTHORIZE, None, LEASE))
    assert advanced == replace(current, step=Step.AUTHORIZE, attempts=1)


async def test_a_saga_that_advances_keeps_the_first_reason_for_undoing_it(room: Room) -> None:
    await room.placed()
    saga = await room.claimed()

    async def advance(work: OrdersWork) -> list[Saga | None]:
        reasons = (timed_out(), action_not_taken())
        return [await work.sagas.advance(saga, Step.RELEASE, reason, LEASE) for reason in reasons]

    for advanced in await room.run(advance):
        assert advanced is not None
        assert advanced.cancellation == timed_out()


async def test_a_postponed_saga_is_due_when_its_pause_is_over(room: Room) -> None:
    await room.placed()
    saga = await room.claimed()
    assert await room.run(lambda work: work.sagas.postpone(saga, 0, None))
    again = await room.claimed()
    assert (again.step, again.attempts) == (saga.step, 2)
    assert await room.run(lambda work: work.sagas.postpone(again, NEVER, "away"))
    assert [*await room.run(lambda work: work.sagas.claim_due("one", 10, LEASE))] == []


async def test_a_request_to_cancel_turns_a_saga_round(room: Room) -> None:
    order = await room.confirmed()
    locked, wanted = await room.lock(order.id), asked_for_by(Actor.BUYER, is_paid=True)
    await room.run(lambda work: work.orders.request_cancellation(locked, wanted, BY_STAFF))
    assert (await room.lock(order.id)).status is OrderStatus.CANCELLING
    saga = await room.claimed()
    assert (saga.step, saga.is_cancel_requested, saga.cancellation) == (Step.VOID, True, wanted)


async def test_a_worker_finds_the_request_to_cancel_at_its_next_record(room: Room) -> None:
    order = await room.placed()
    saga, locked = await room.claimed(), await room.lock(order.id)
    await room.run(lambda work: work.orders.request_cancellation(locked, timed_out(), BY_STAFF))
    assert await room.run(lambda work: work.orders.transition(saga, CONFIRMATION, LEASE)) is None
    advanced = await room.run(lambda work: work.sagas.advance(saga, Step.AUTHORIZE, None, LEASE))
    assert advanced is not None
    assert (advanced.step, advanced.is_cancel_requested, advanced.cancellation) == (Step.RELEASE, True, timed_out())


async def test_the_shops_own_rules_leave_the_reason_that_a_saga_has(room: Room) -> None:
    order = await room.placed()
    saga, locked = await room.claimed(), await room.lock(order.id)
    await room.run(lambda work: work.sagas.advance(saga, Step.VOID, timed_out(), LEASE))
    await room.run(lambda work: work.orders.request_cancellation(locked, action_not_taken(), BY_SHOP))
    advanced = await room.run(lambda work: work.sagas.advance(saga, Step.RELEASE, None, LEASE))
    assert advanced is not None
    assert advanced.cancellation == timed_out()


async def test_a_bank_that_has_decided_has_what_was_rejected_asked_for_again(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.rejected(order, 500)
    await room.run(lambda work: work.sagas.ask_again(order.id))
    saga = await room.claimed()
    assert (saga.id, saga.step) == (refund.id, Step.REFUND)


async def test_what_was_rejected_goes_on_paid_outside_of_the_provider(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.rejected(order, 500)
    await room.run(lambda work: work.sagas.settle(order.id, Settlement(500, "cash"), ()))
    saga = await room.claimed()
    assert (saga.id, saga.step, saga.settlement) == (refund.id, Step.REFUND, Settlement(500, "cash"))


async def test_a_stuck_shipment_is_ended_or_pending_again(room: Room) -> None:
    order = await room.placed()
    await room.claimed()
    shipment = await room.ship(order, Units(order.lines[0].id, 1), status=ShipmentStatus.REFUSED)
    await room.run(lambda work: work.sagas.start(shipment.id, Kind.SHIPMENT, order.id))
    for resume in (True, False):
        saga = await room.claimed()
        await room.park(saga)
        if resume:
            assert [*await room.run(lambda work: work.sagas.resume_stuck(order.id))] == ["SHIPMENT CAPTURE"]
    assert (await room.run(lambda work: work.shipments.by_id(shipment.id))) is not None
    await room.run(lambda work: work.shipments.end_stuck(order.id))
    assert (await room.undertaking(order.id)).step is Step.FAILED


async def test_an_order_that_is_stuck_refunding_goes_on_without_money(room: Room) -> None:
    order = await room.placed()
    saga = await room.claimed()
    at_refund = await room.run(lambda work: work.sagas.advance(saga, Step.REFUND, timed_out(), LEASE))
    assert at_refund is not None
    await room.run(lambda work: work.sagas.park(at_refund, "no"))
    await room.run(lambda work: work.orders.show_cancellation(order.id))
    assert (await room.run(lambda work: work.orders.payable(order.id))).cancelled_for is timed_out().code
    await room.run(lambda work: work.sagas.resume_without_money(order.id))
    assert (await room.claimed()).step is Step.VOID


async def test_a_saga_is_restarted_whatever_it_is_at(room: Room) -> None:
    order = await room.confirmed()
    saga_id = new_id()
    await room.run(lambda work: work.sagas.restart(saga_id, Kind.REFUND, order.id, Step.RESTOCK))
    first = await room.claimed()
    await room.run(lambda work: work.sagas.restart(saga_id, Kind.REFUND, order.id, Step.RESTOCK))
    assert not await room.run(lambda work: work.sagas.finish(first, Step.DONE))
    second = await room.claimed()
    assert (second.id, second.step) == (saga_id, Step.RESTOCK)
    await room.run(lambda work: work.sagas.start(saga_id, Kind.REFUND, order.id))
    assert (await room.undertaking(order.id)).step is Step.RESTOCK
    assert await room.run(lambda work: work.sagas.finish(second, Step.DONE))
    await room.run(lambda work: work.sagas.start(saga_id, Kind.REFUND, order.id))
    assert (await room.undertaking(order.id)).step is Step.REFUND
