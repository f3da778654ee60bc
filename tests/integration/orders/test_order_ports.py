"""One contract for the ports of orders: the twins in memory and Postgres answer alike."""

from dataclasses import replace

import pytest

from shared.ids import new_id
from subgraphs.orders.domain.cancellation import timed_out
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME
from subgraphs.orders.domain.fulfilment import Kind, Step
from subgraphs.orders.domain.order import Order, OrderStatus, PlacedOrder
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.standing import LineStanding, Standing
from subgraphs.orders.domain.transition import StatusTransition
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.domain.units import Units
from tests.integration.orders.order_kinds import BY_SHOP, BY_STAFF, CONFIRMATION, LEASE, NEVER, PENDING, Room


async def test_a_placed_order_is_found_as_it_was_placed(room: Room) -> None:
    order = await room.placed(2, 1)
    assert await room.run(lambda work: work.orders.placed(order.id)) == order
    assert await room.lock(order.id) == Order(
        order.id, order.customer_id, OrderStatus.PENDING, "EUR", 3000, 0, False, 1
    )
    assert await room.run(lambda work: work.orders.lock(new_id())) is None


async def test_a_number_is_of_one_order_only(room: Room) -> None:
    assert await room.place(number="M-0000-0000") is not None
    assert await room.place(number="M-0000-0000") is None


async def test_a_transition_changes_saga_and_order_together(room: Room) -> None:
    order = await room.placed()
    saga = await room.claimed()
    waiting = StatusTransition(
        Step.AWAIT_ACTION, OrderStatus.AWAITING_PAYMENT_ACTION, "why", pause_seconds=NEVER, deadline_seconds=0
    )
    found = await room.run(lambda work: work.orders.transition(saga, waiting, LEASE))
    assert found is not None
    assert (found.saga.step, found.saga.is_overdue) == (Step.AWAIT_ACTION, True)
    assert found.placed_at <= found.changed_at
    assert (await room.lock(order.id)).status is OrderStatus.AWAITING_PAYMENT_ACTION
    await room.run(lambda work: work.sagas.wake(order.id))
    again = await room.claimed()
    assert again.attempts == 1


async def test_a_transition_that_the_status_forbids_fails(room: Room) -> None:
    order = await room.confirmed()
    await room.run(lambda work: work.sagas.restart(order.id, Kind.ORDER, order.id, Step.CAPTURE))
    saga = await room.claimed()
    with pytest.raises(RuntimeError, match="can't become CONFIRMED"):
        await room.run(lambda work: work.orders.transition(saga, CONFIRMATION, LEASE))
    assert (await room.undertaking(order.id)).step is Step.CAPTURE


async def test_a_confirmation_takes_the_money_and_ends_the_saga(room: Room) -> None:
    order = await room.confirmed()
    locked = await room.lock(order.id)
    assert (locked.status, locked.is_captured) == (OrderStatus.CONFIRMED, True)
    assert await room.undertaking(order.id) == Undertaking(Kind.ORDER, Step.CONFIRMED, None, is_open=False)


async def cancelled(room: Room) -> PlacedOrder:
    """An order that came to nothing."""
    order, saga = await room.placed(), await room.claimed()
    end = (Step.CANCELLED, OrderStatus.CANCELLED, "TIMED_OUT", None, timed_out())
    to = StatusTransition(*end, is_end=True, reopened_for=DEFAULT_LIFETIME)
    assert await room.run(lambda work: work.orders.transition(saga, to, LEASE))
    return order


async def test_an_order_that_came_to_nothing_can_be_tried_once_more(room: Room) -> None:
    order = await cancelled(room)
    payable = await room.run(lambda work: work.orders.payable(order.id))
    assert (payable.status, payable.cancelled_for) == (OrderStatus.CANCELLED, timed_out().code)
    assert (payable.was_confirmed, payable.is_settled, payable.ordered_anew_as) == (False, True, None)
    await room.run(lambda work: work.orders.reopen(order, "pm_other", NEVER))
    assert (await room.lock(order.id)).attempt == 2
    saga = await room.claimed()
    assert (saga.step, saga.fence, saga.payment_method_id) == (Step.RESERVE, 3, "pm_other")
    assert (saga.order.attempt, saga.cancellation) == (2, None)


async def test_a_confirmed_order_is_not_settled_while_something_is_under_way(room: Room) -> None:
    order = await room.confirmed()
    assert (await room.run(lambda work: work.orders.payable(order.id))).was_confirmed
    await room.run(lambda work: work.sagas.start(new_id(), Kind.REFUND, order.id))
    assert not (await room.run(lambda work: work.orders.payable(order.id))).is_settled


async def test_a_status_is_set_only_where_the_one_before_allows_it(room: Room) -> None:
    order = await room.confirmed()
    locked = await room.lock(order.id)
    shipped = await room.run(lambda work: work.orders.set_status(locked, OrderStatus.SHIPPED, BY_STAFF))
    assert shipped == await room.lock(order.id) == replace(locked, status=OrderStatus.SHIPPED)
    with pytest.raises(RuntimeError, match="is SHIPPED and can't become PENDING"):
        await room.run(lambda work: work.orders.set_status(shipped, OrderStatus.PENDING, BY_STAFF))
    await room.run(lambda work: work.orders.note(shipped, BY_SHOP))
    assert await room.lock(order.id) == shipped


async def test_what_was_refunded_is_added_and_taken_away(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.refund(order, 1500)
    for expected in (1500, 2000):
        await room.run(lambda work: work.orders.add_refunded(refund.id))
        assert (await room.lock(order.id)).refunded_minor == expected
    await room.run(lambda work: work.orders.subtract_refunded(order.id, 700))
    assert (await room.lock(order.id)).refunded_minor == 1300
    before = await room.run(lambda work: work.orders.touch(order.id))
    assert before <= await room.run(lambda work: work.orders.touch(order.id))


async def test_what_became_of_units_and_money_is_counted(room: Room) -> None:
    order = await room.confirmed(3, 1)
    first, second = (line.id for line in order.lines)
    shipment = await room.ship(order, Units(first, 1))
    done = await room.refund(order, 1000, Units(second, 1))
    await room.refund(order, 1000, Units(first, 1), status=PENDING)
    found = await room.run(lambda work: work.orders.standing(order.id))
    lines = [LineStanding(3, 1, 0), LineStanding(1, 0, 1)]
    assert replace(found, lines=[*found.lines]) == Standing(lines, is_on_its_way=True, is_all_refunded=False)
    assert await room.run(lambda work: work.orders.units_here(order.id)) == [Units(first, 2)]
    await room.run(lambda work: work.shipments.set_status(shipment.id, ShipmentStatus.DELIVERED))
    assert not (await room.run(lambda work: work.orders.standing(order.id))).is_on_its_way
    assert done.amount_minor == 1000


@pytest.mark.parametrize("price", [0, 1000])
async def test_an_order_is_all_refunded_by_its_money_or_where_it_cost_nothing_by_its_units(
    room: Room, price: int
) -> None:
    order = await room.confirmed(2, price=price)
    refund = await room.refund(order, 2 * price, Units(order.lines[0].id, 2))
    await room.run(lambda work: work.orders.add_refunded(refund.id))
    assert (await room.run(lambda work: work.orders.standing(order.id))).is_all_refunded


async def test_a_unit_of_work_that_fails_changes_nothing(room: Room) -> None:
    order = await room.confirmed()

    async def fail(work: OrdersWork) -> None:
        locked = await work.orders.lock(order.id)
        assert locked is not None
        await work.orders.set_status(locked, OrderStatus.SHIPPED, BY_STAFF)
        raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await room.run(fail)
    assert (await room.lock(order.id)).status is OrderStatus.CONFIRMED
