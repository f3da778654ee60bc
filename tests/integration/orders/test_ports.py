"""One contract for the ports of orders: the twins in memory and Postgres answer alike."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from shared.ids import new_id
from subgraphs.orders.domain.cancellation import action_not_taken, asked_for_by, timed_out
from subgraphs.orders.domain.cart import DEFAULT_LIFETIME
from subgraphs.orders.domain.checkout import Checkout
from subgraphs.orders.domain.dispute import Dispute, DisputeStatus
from subgraphs.orders.domain.fulfilment import Kind, Saga, Settlement, Step
from subgraphs.orders.domain.order import Actor, Cause, Order, OrderedLine, OrderStatus, PlacedOrder, new_order_number
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.domain.refund import GivenRefund, Refund, RefundSource, RefundStatus, cancellation_id
from subgraphs.orders.domain.shipment import Shipment, StoredShipment
from subgraphs.orders.domain.shipment_status import ShipmentStatus
from subgraphs.orders.domain.standing import LineStanding, Standing
from subgraphs.orders.domain.transition import StatusTransition
from subgraphs.orders.domain.undertaking import Undertaking
from subgraphs.orders.domain.units import Units
from subgraphs.orders.domain.waiting import StillToCome, WaitingUnits
from subgraphs.orders.infrastructure import tables
from tests.backends import Backends
from tests.fakes.orders.work import OrdersTwinWork
from tests.orders import ADDRESS, WORK
from tests.subgraphs import connected

Outcome = TypeVar("Outcome")
LEASE, NEVER = 60.0, 3600.0
STAFF = uuid4()
BY_SHOP, BY_STAFF = Cause("for a test", Actor.SHOP), Cause("for a test", Actor.STAFF, STAFF)
DONE, FAILED, PENDING = RefundStatus.DONE, RefundStatus.FAILED, RefundStatus.PENDING
CONFIRMATION = StatusTransition(Step.CONFIRMED, OrderStatus.CONFIRMED, "paid", is_capture=True, is_end=True)


@dataclass
class Room:
    """Orders of some kind: ``perform`` runs a handler as a unit of work, ``add_cart`` makes an open cart of a customer."""

    perform: Callable[[Any, Any], Awaitable[Any]]
    add_cart: Callable[[UUID], Awaitable[UUID]]

    async def run(self, steps: Callable[[OrdersWork], Awaitable[Outcome]]) -> Outcome:
        """Steps of one unit of work."""

        async def handler(_: None, work: OrdersWork) -> Outcome:
            return await steps(work)

        answer: Outcome = await self.perform(handler, None)
        return answer

    async def place(self, *quantities: int, price: int = 1000, number: str | None = None) -> PlacedOrder | None:
        """A new order; None when its number is taken."""
        lines = [OrderedLine(new_id(), new_id(), "SKU", "Lamp", quantity, price) for quantity in quantities or (2,)]
        total, customer_id = sum(line.quantity * price for line in lines), uuid4()
        name = (number or new_order_number(), customer_id, "ada@example.com")
        order = PlacedOrder(new_id(), *name, "EUR", total, lines)
        checkout = Checkout(await self.add_cart(customer_id), order.email, ADDRESS, "pm_card_visa")
        is_placed = await self.run(lambda work: work.orders.place(order, checkout, NEVER))
        return order if is_placed else None

    async def placed(self, *quantities: int, price: int = 1000) -> PlacedOrder:
        """A new order."""
        order = await self.place(*quantities, price=price)
        assert order is not None
        return order

    async def claimed(self, worker: str = "one", lease_seconds: float = LEASE) -> Saga:
        """The one saga that is due."""
        (saga,) = await self.run(lambda work: work.sagas.claim_due(worker, 10, lease_seconds))
        return saga

    async def confirmed(self, *quantities: int, price: int = 1000) -> PlacedOrder:
        """An order that is paid."""
        order, saga = await self.placed(*quantities, price=price), await self.claimed()
        assert await self.run(lambda work: work.orders.transition(saga, CONFIRMATION, LEASE))
        return order

    async def lock(self, order_id: UUID) -> Order:
        """An order as it is."""
        order = await self.run(lambda work: work.orders.lock(order_id))
        assert order is not None
        return order

    async def refund(
        self, order: PlacedOrder, minor: int, *units: Units, status: RefundStatus = DONE, **more: Any
    ) -> Refund:
        """A refund in some status."""
        refund = Refund(new_id(), order.id, minor, "broken", more.pop("is_restocking", False), units, **more)
        await self.run(lambda work: work.refunds.add(refund, status, STAFF))
        return refund

    async def rejected(self, order: PlacedOrder, minor: int, *units: Units, is_restocking: bool = False) -> Refund:
        """A refund that the provider rejected."""
        refund = await self.refund(order, minor, *units, status=PENDING, is_restocking=is_restocking)
        await self.run(lambda work: work.sagas.start(refund.id, Kind.REFUND, order.id))
        saga = await self.claimed()
        assert await self.run(lambda work: work.sagas.park(saga, "no"))
        await self.run(lambda work: work.refunds.set_status(refund.id, FAILED, "no"))
        return refund

    async def undertaking(self, order_id: UUID, place: int = -1) -> Undertaking:
        """One of an order's sagas, the latest unless said otherwise."""
        return (await self.run(lambda work: work.sagas.undertakings(order_id)))[place]


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def room(request: pytest.FixtureRequest, backends: Backends) -> AsyncIterator[Room]:
    if request.param == "memory":
        yield in_memory()
        return
    async with connected(backends, "orders"):
        yield Room(WORK.perform, add_row)


def in_memory() -> Room:
    work = OrdersTwinWork()

    async def add(customer_id: UUID) -> UUID:
        return (await work.carts.add(uuid4(), customer_id, 30)).id

    return Room(work.perform, add)


async def add_row(customer_id: UUID) -> UUID:
    cart_id = uuid4()
    await tables.Cart.create(id=cart_id, owner_id=customer_id)
    return cart_id


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
    for reason in (timed_out(), action_not_taken()):
        advanced = await room.run(lambda work, reason=reason: work.sagas.advance(saga, Step.RELEASE, reason, LEASE))  # type: ignore[misc]
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
        await room.run(lambda work, each=each: work.sagas.start(each.id, Kind.REFUND, order.id))  # type: ignore[misc]
    await room.run(lambda work: work.refunds.end_open(order.id))
    assert [await room.run(lambda work, its=its: work.sagas.is_open(its.id)) for its in (refund, free)] == [False, True]  # type: ignore[misc]
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
    for minor, expected in ((300, ids[0]), (400, ids[2]), (900, ids[1]), (950, ids[2])):
        found = await room.run(lambda work, minor=minor: work.refunds.of_source(order.id, RefundSource.PROVIDER, minor))  # type: ignore[misc]
        assert found is not None
        assert found.id == expected
    assert await room.run(lambda work: work.refunds.of_source(order.id, RefundSource.DISPUTE, 5)) is None


async def test_a_part_of_a_refund_becomes_one_of_its_own(room: Room) -> None:
    order = await room.confirmed()
    refund = await room.refund(order, 500, source=RefundSource.PROVIDER)
    part = await room.run(lambda work: work.refunds.split(GivenRefund(refund.id, DONE, 500), 200))
    found = [await room.run(lambda work, its=its: work.refunds.by_id(its)) for its in (refund.id, part.id)]  # type: ignore[misc]
    assert [each.amount_minor for each in found if each] == [300, 200]


async def test_what_became_of_units_and_money_is_counted(room: Room) -> None:
    order = await room.confirmed(3, 1)
    first, second = (line.id for line in order.lines)
    shipment = await ship(room, order, Units(first, 1))
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


async def ship(
    room: Room, order: PlacedOrder, *units: Units, status: ShipmentStatus = ShipmentStatus.SHIPPED
) -> Shipment:
    shipment = Shipment(new_id(), order.id, "DHL", "123", list(units), STAFF)
    await room.run(lambda work: work.shipments.add(shipment, status))
    return shipment


async def test_a_shipment_is_found_as_it_was_added(room: Room) -> None:
    order = await room.confirmed()
    shipment = await ship(room, order, Units(order.lines[0].id, 1))
    found = await room.run(lambda work: work.shipments.by_id(shipment.id))
    assert found == StoredShipment(shipment, ShipmentStatus.SHIPPED)
    assert await room.run(lambda work: work.shipments.by_id(new_id())) is None


async def test_what_is_shippable_is_neither_packed_nor_refunded_and_may_wait(room: Room) -> None:
    order = await room.confirmed(5)
    (line,) = order.lines
    await ship(room, order, Units(line.id, 1))
    await ship(room, order, Units(line.id, 1), status=ShipmentStatus.REFUSED)
    await room.refund(order, 0, Units(line.id, 1), status=PENDING)
    await room.run(lambda work: work.orders.save_waiting(order.id, [WaitingUnits(line.id, 2, 1)]))
    found = await room.run(lambda work: work.shipments.shippable(order.id))
    assert [(each.left, each.waiting, each.here) for each in found.lines] == [(3, 2, 1)]
    assert (found.undecided, found.hold, found.authorization_ended) == (None, None, None)


async def test_a_shipment_whose_money_is_not_taken_is_undecided(room: Room) -> None:
    order = await room.placed()
    shipment = await ship(room, order, Units(order.lines[0].id, 1), status=ShipmentStatus.PENDING)
    await room.run(lambda work: work.sagas.start(shipment.id, Kind.SHIPMENT, order.id))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).undecided is ShipmentStatus.PENDING
    await room.run(lambda work: work.shipments.end_open(order.id))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).undecided is ShipmentStatus.REFUSED
    assert not await room.run(lambda work: work.sagas.is_open(shipment.id))
    await room.run(lambda work: work.orders.end_authorization(order.id, "declined"))
    await room.run(lambda work: work.orders.end_authorization(order.id, "later"))
    assert (await room.run(lambda work: work.shipments.shippable(order.id))).authorization_ended == "declined"
    await room.run(lambda work: work.orders.record_capture(order.id))
    found = await room.run(lambda work: work.shipments.shippable(order.id))
    assert (found.undecided, found.authorization_ended) == (None, None)


async def test_a_stuck_shipment_is_ended_or_pending_again(room: Room) -> None:
    order = await room.placed()
    await room.claimed()
    shipment = await ship(room, order, Units(order.lines[0].id, 1), status=ShipmentStatus.REFUSED)
    await room.run(lambda work: work.sagas.start(shipment.id, Kind.SHIPMENT, order.id))
    for resume in (True, False):
        saga = await room.claimed()
        await room.run(lambda work, saga=saga: work.sagas.park(saga, "no"))  # type: ignore[misc]
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


async def test_the_latest_word_on_what_is_waited_for_counts(room: Room) -> None:
    order = await room.confirmed(4)
    (line,) = order.lines
    for units, version in ((3, 5), (4, 4)):
        its = [WaitingUnits(line.id, units, version)]
        await room.run(lambda work, its=its: work.orders.save_waiting(order.id, its))  # type: ignore[misc]
    assert [*await room.run(lambda work: work.orders.still_to_come(order.id))] == [StillToCome(line.id, 3, None)]
    refund = await room.refund(order, 0, Units(line.id, 2))
    found = await room.run(lambda work: work.orders.units_waited_for_in_vain(order.id, refund.id))
    assert found == [Units(line.id, 1)]


async def test_a_dispute_is_news_until_it_is_old(room: Room) -> None:
    order, at = await room.confirmed(), datetime(2026, 11, 1, tzinfo=UTC)
    opened = Dispute(order.id, "dp_1", 700, "fraudulent", DisputeStatus.OPEN, at, at)

    async def save(status: DisputeStatus, hours: int) -> bool:
        told = replace(opened, status=status, reason="", happened_at=at + timedelta(hours=hours))
        return await room.run(lambda work: work.disputes.save(told))

    assert await room.run(lambda work: work.disputes.status(order.id, "dp_1")) is None
    assert await room.run(lambda work: work.disputes.save(opened))
    hold = await room.run(lambda work: work.disputes.hold(order.id))
    assert hold is not None
    assert (hold.disputed.minor, [*hold.words], hold.since, hold.evidence_due_at) == (700, ["fraudulent"], at, at)
    assert not await save(DisputeStatus.OPEN, -1)
    assert await save(DisputeStatus.LOST, -1)
    assert not await save(DisputeStatus.OPEN, 5)
    assert not await save(DisputeStatus.LOST, 6)
    assert await save(DisputeStatus.WON, 7)
    assert await room.run(lambda work: work.disputes.status(order.id, "dp_1")) is DisputeStatus.WON
    assert await room.run(lambda work: work.disputes.hold(order.id)) is None


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
