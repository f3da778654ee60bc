"""Sagas of orders from their first step to their end, without a server."""

import asyncio
from uuid import UUID

import pytest
from orjson import loads

from shared.errors import Unavailable
from shared.json import dumps
from subgraphs.orders.domain.fulfilment import CaptureTime, Step
from subgraphs.orders.domain.order import OrderStatus, PlacedOrder
from subgraphs.orders.domain.peers import Authorized, Captured, Declined, RequiresAction
from subgraphs.orders.domain.refund import RefundSource, RefundStatus
from subgraphs.orders.sagas.claiming import ClaimDue, claim_due
from subgraphs.orders.sagas.following import Ended, Paused, Stopped, TakenOver
from subgraphs.orders.sagas.runner import RunSaga
from tests.contracts import assert_payload_matches
from tests.fakes.payments import FakePayments
from tests.unit.orders.room import LEASE, PRICE, STAFF, RejectingPayments, Room


async def test_an_order_is_sold_and_told_of() -> None:
    room = Room()
    order_id = await room.placed(2, 1)
    assert [*await room.run()] == [Ended()]
    order = room.order(order_id)
    assert (order.status, order.is_captured, room.step(order_id)) == (OrderStatus.CONFIRMED, True, Step.CONFIRMED)
    assert room.payments.asked == ["authorize 3000 EUR by pm_card_visa", "capture"]
    assert room.available(order_id) == 98
    assert room.told(order_id) == ["OrderPlaced", "OrderConfirmed"]
    told = loads(dumps(room.work.events.events[-1].payload))
    assert_payload_matches("mercato.orders.OrderConfirmed", told)
    assert told["shippingAddress"] == told["billingAddress"]
    assert room.reasons(order_id) == ["placed", "paid and in stock"]
    assert room.work.reports.seen == {"placed": 1, "ended CONFIRMED": 1}


async def test_money_that_is_taken_with_the_first_shipment_is_only_held() -> None:
    room = Room(capture=CaptureTime.SHIPMENT)
    order_id = await room.confirmed()
    assert (room.order(order_id).status, room.order(order_id).is_captured) == (OrderStatus.CONFIRMED, False)
    assert room.reasons(order_id)[-1] == "in stock, and its price is held"
    assert room.payments.asked == ["authorize 1000 EUR by pm_card_visa"]


async def test_what_is_not_in_stock_cancels_the_order_and_opens_its_cart() -> None:
    room = Room()
    cart_id = room.cart(5, stock=1)
    order_id = await room.place(cart_id)
    await room.run()
    order = room.order(order_id)
    assert (order.status, order.cart_id, room.let_go(order_id)) == (OrderStatus.CANCELLED, None, cart_id)
    assert order.cancellation is not None
    assert order.cancellation.message == "Only 1 of Lamp is left, and 5 were ordered."
    assert not room.work.tables.carts.rows[cart_id].is_ordered
    assert (room.payments.asked, room.told(order_id)) == ([], ["OrderPlaced", "OrderCancelled"])


async def test_a_declined_payment_releases_what_was_held() -> None:
    room = Room(FakePayments(authorization=Declined("card_declined", "Your card was declined.")))
    order_id = await room.confirmed()
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 100)
    assert room.reasons(order_id)[-1] == "PAYMENT_DECLINED"


async def test_a_capture_that_is_declined_undoes_the_sale() -> None:
    room = Room(FakePayments(capture=Declined("expired", "")))
    order_id = await room.confirmed(2)
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 100)
    assert room.payments.asked == ["authorize 2000 EUR by pm_card_visa", "capture", "void"]


class AskingPayments(FakePayments):
    """Wants to hear from the buyer until ``has_acted``."""

    has_acted = False

    async def authorize(self, order: PlacedOrder, payment_method_id: str) -> Authorized | Declined | RequiresAction:
        return Authorized() if self.has_acted else RequiresAction()


async def test_an_order_waits_for_its_buyer_and_goes_on() -> None:
    payments = AskingPayments()
    room = Room(payments)
    order_id = await room.placed()
    assert [*await room.run()] == [Paused(1.0)]
    assert room.order(order_id).status is OrderStatus.AWAITING_PAYMENT_ACTION
    payments.has_acted = True
    await room.work.sagas.wake(order_id)
    await room.run()
    reasons = [
        "the bank wants the buyer to confirm the payment",
        "the buyer confirmed the payment",
        "paid and in stock",
    ]
    assert room.reasons(order_id)[1:] == reasons
    assert room.told(order_id) == ["OrderPlaced", "OrderPaymentActionRequired", "OrderConfirmed"]


async def test_a_buyer_who_does_not_act_is_asked_again_later() -> None:
    room = Room(AskingPayments())
    order_id = await room.placed()
    await room.run()
    await room.work.sagas.wake(order_id)
    assert [*await room.run()] == [Paused(1.0)]
    assert room.step(order_id) is Step.AWAIT_ACTION


async def test_an_order_that_waits_too_long_for_its_buyer_is_undone_at_once() -> None:
    room = Room(AskingPayments())
    order_id = await room.placed()
    await room.run()
    saga = room.work.tables.sagas[order_id]
    saga.due_at = saga.deadline_at = room.order(order_id).placed_at
    await room.run()
    assert room.reasons(order_id)[-2:] == ["PAYMENT_ACTION_NOT_TAKEN", "PAYMENT_ACTION_NOT_TAKEN"]
    assert room.order(order_id).status is OrderStatus.CANCELLED


async def test_what_can_not_be_reached_is_tried_again_later() -> None:
    room = Room(FakePayments(failure=Unavailable("away")))
    order_id = await room.placed()
    (turn,) = await room.run()
    assert isinstance(turn, Paused)
    assert 0.05 <= turn.seconds <= 0.1
    saga = room.work.tables.sagas[order_id]
    assert (saga.step, saga.leased_by, saga.last_error) == (Step.AUTHORIZE, None, "AUTHORIZE: UNAVAILABLE: away")
    assert room.work.reports.seen["retried AUTHORIZE"] == 1


async def test_a_worker_that_stops_leaves_its_saga_to_others() -> None:
    room = Room()
    order_id, stop = await room.placed(), asyncio.Event()
    (saga,) = await room.work.perform_alone(claim_due, ClaimDue("worker", 1, LEASE))
    stop.set()
    assert await room.work.perform_alone(room.runner.run, RunSaga(saga, stop)) == Stopped()
    await room.run()
    assert room.order(order_id).status is OrderStatus.CONFIRMED


async def test_a_worker_whose_saga_was_taken_over_writes_nothing() -> None:
    room = Room()
    order_id = await room.placed()
    (stalled,) = await room.work.perform_alone(claim_due, ClaimDue("one", 1, 0))
    await room.work.perform_alone(claim_due, ClaimDue("two", 1, LEASE))
    assert await room.work.perform_alone(room.runner.run, RunSaga(stalled, asyncio.Event())) == TakenOver()
    assert (room.step(order_id), room.work.reports.seen["fenced"]) == (Step.RESERVE, 1)


async def cancelled_while(room: Room, step: Step) -> UUID:
    """An order whose buyer cancels while a worker has it at a step."""
    order_id = await room.placed(2)
    room.work.tables.sagas[order_id].step = step
    (saga,) = await room.work.perform_alone(claim_due, ClaimDue("worker", 1, LEASE))
    await room.cancel(order_id)
    await room.work.perform_alone(room.runner.run, RunSaga(saga, asyncio.Event()))
    await room.run()
    return order_id


async def test_an_order_that_is_cancelled_meanwhile_turns_round() -> None:
    room = Room()
    order_id = await cancelled_while(room, Step.RESERVE)
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 100)
    assert room.payments.asked == []
    assert room.reasons(order_id) == ["placed", "BUYER_REQUEST", "BUYER_REQUEST"]


async def test_a_confirmed_order_is_cancelled_by_refunding_what_remains() -> None:
    payments = RejectingPayments("void", remaining_minor=2 * PRICE)
    room = Room(payments)
    order_id = await room.confirmed(2)
    await room.cancel(order_id, STAFF, is_staff=True)
    assert room.order(order_id).status is OrderStatus.CANCELLING
    await room.run()
    (row,) = room.refunds(order_id)
    assert (row.status, row.refund.amount_minor, row.refund.source) == (
        RefundStatus.DONE,
        2000,
        RefundSource.CANCELLATION,
    )
    assert payments.asked[2:] == ["void", "refund what remains"]
    assert (room.order(order_id).status, room.available(order_id)) == (OrderStatus.CANCELLED, 100)
    assert room.told(order_id)[-1] == "OrderCancelled"


async def test_an_undoing_that_is_rejected_is_stuck_and_shows_why_it_is_undone() -> None:
    room = Room(RejectingPayments("void", "refund"))
    order_id = await room.confirmed()
    await room.cancel(order_id)
    assert [*await room.run()] == [Ended()]
    saga = room.work.tables.sagas[order_id]
    assert (saga.step, saga.stuck_step, saga.last_error) == (Step.STUCK, Step.REFUND, "REFUND was refused: no")
    assert room.work.reports.seen["stuck ORDER"] == 1


async def test_a_decline_that_can_not_be_undone_asks_the_buyer_for_nothing_any_more() -> None:
    room = Room(RejectingPayments("capture", "void", "refund"))
    order_id = await room.confirmed()
    assert (room.order(order_id).status, room.step(order_id)) == (OrderStatus.CANCELLING, Step.STUCK)
    assert room.order(order_id).cancellation is not None
    assert room.reasons(order_id)[-1] == "undoing it waits for a person"


@pytest.mark.parametrize("capture", [Captured(), Declined("x", "no")])
async def test_units_are_never_lost_whatever_the_provider_says(capture: Captured | Declined) -> None:
    room = Room(FakePayments(capture=capture))
    order_id = await room.confirmed(3)
    sold = 3 if room.order(order_id).status is OrderStatus.CONFIRMED else 0
    assert room.available(order_id) == 100 - sold
