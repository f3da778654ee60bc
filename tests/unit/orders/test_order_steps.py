"""What each answer of the other subgraphs means for an order."""

import pytest

from shared.errors import Conflict, FailedPrecondition, Forbidden, Internal, NotFound, ServiceError, Unavailable
from subgraphs.orders.domain.cancellation import CancellationCode
from subgraphs.orders.domain.fulfilment import CaptureTime, Outcome, Saga, Step, Times
from subgraphs.orders.domain.peers import Declined, RequiresAction
from subgraphs.orders.sagas.attempts import Attempt
from subgraphs.orders.sagas.order_steps import OrderSteps
from tests.fakes.inventory import FakeInventory
from tests.fakes.orders.work import OrdersTwinWork
from tests.fakes.payments import FakePayments
from tests.unit.orders.builders import ordered_line, saga

STEPS = OrderSteps(Times(60, 60), CaptureTime.CONFIRMATION)


async def try_step(at: Saga, inventory: FakeInventory, payments: FakePayments) -> Attempt:
    return await STEPS.attempt(at, OrdersTwinWork(inventory, payments))


async def test_the_steps_of_a_good_order_are_done() -> None:
    inventory, payments = FakeInventory(), FakePayments()
    at = saga(Step.RESERVE)
    inventory.put_in_stock(at.order.lines[0].variant_id, 5)
    assert (await try_step(at, inventory, payments)).outcome is Outcome.DONE
    assert (await try_step(saga(Step.AUTHORIZE), inventory, payments)).outcome is Outcome.DONE
    assert (await try_step(saga(Step.CAPTURE), inventory, payments)).outcome is Outcome.DONE
    assert payments.asked == ["authorize 1000 EUR by pm_card_visa", "capture"]


async def test_a_shortage_names_each_line_and_what_is_left() -> None:
    inventory, lines = FakeInventory(), [ordered_line("Bowl", 3), ordered_line("Lamp", 2), ordered_line("Cup", 2)]
    inventory.put_in_stock(lines[0].variant_id, 3)
    inventory.put_in_stock(lines[1].variant_id, 1)
    attempt = await try_step(saga(Step.RESERVE, *lines), inventory, FakePayments())
    assert attempt.outcome is Outcome.INSUFFICIENT_STOCK
    assert attempt.cancellation is not None
    assert attempt.cancellation.message == "Only 1 of Lamp is left, and 2 were ordered. Cup is sold out."
    assert attempt.cancellation.line_ids == [lines[1].id, lines[2].id]


async def test_a_decline_is_told_in_the_providers_words() -> None:
    payments = FakePayments(authorization=Declined("card_declined", "Your card was declined."))
    attempt = await try_step(saga(Step.AUTHORIZE), FakeInventory(), payments)
    assert attempt.outcome is Outcome.DECLINED
    assert attempt.cancellation is not None
    assert attempt.cancellation.message == "Your card was declined."


async def test_a_decline_without_words_gets_ours() -> None:
    attempt = await try_step(saga(Step.AUTHORIZE), FakeInventory(), FakePayments(authorization=Declined("x", " ")))
    assert attempt.cancellation is not None
    assert attempt.cancellation.message == "The payment was declined; pay with another card."


async def test_a_payment_to_authenticate_waits_and_is_asked_for_again_in_the_same_words() -> None:
    payments = FakePayments(authorization=RequiresAction())
    for step in (Step.AUTHORIZE, Step.AWAIT_ACTION):
        attempt = await try_step(saga(step), FakeInventory(), payments)
        assert (attempt.outcome, attempt.cancellation) == (Outcome.REQUIRES_ACTION, None)
    assert payments.asked == ["authorize 1000 EUR by pm_card_visa"] * 2


async def test_a_buyer_who_takes_too_long_to_authenticate_is_told_so() -> None:
    payments = FakePayments()
    attempt = await try_step(saga(Step.AWAIT_ACTION, is_overdue=True), FakeInventory(), payments)
    assert attempt.outcome is Outcome.TIMED_OUT
    assert attempt.cancellation is not None
    assert attempt.cancellation.code is CancellationCode.PAYMENT_ACTION_NOT_TAKEN
    assert payments.asked == []


async def test_a_capture_declined_cancels_the_order_and_is_logged() -> None:
    attempt = await try_step(saga(Step.CAPTURE), FakeInventory(), FakePayments(capture=Declined("expired", "")))
    assert attempt.outcome is Outcome.DECLINED
    assert attempt.cancellation is not None
    assert attempt.cancellation.code is CancellationCode.PAYMENT_DECLINED
    assert attempt.error == "CAPTURE was declined: expired"


@pytest.mark.parametrize("step", [Step.RESERVE, Step.AUTHORIZE, Step.AWAIT_ACTION, Step.COMMIT, Step.CAPTURE])
async def test_nothing_more_is_tried_for_an_order_that_is_to_be_cancelled(step: Step) -> None:
    payments, at = FakePayments(), saga(step, is_cancelled=True)
    attempt = await try_step(at, FakeInventory(), payments)
    assert (attempt.outcome, attempt.cancellation) == (Outcome.CANCEL_REQUESTED, at.cancellation)
    assert payments.asked == []


async def test_sold_units_cannot_be_released() -> None:
    inventory, at = FakeInventory(), saga(Step.RELEASE)
    inventory.put_in_stock(at.order.lines[0].variant_id, 1)
    await inventory.reserve(at.order)
    await inventory.commit(at.order.id)
    assert (await try_step(at, inventory, FakePayments())).outcome is Outcome.REJECTED


@pytest.mark.parametrize("step", [Step.AUTHORIZE, Step.CAPTURE])
async def test_nothing_is_paid_for_an_order_that_costs_nothing(step: Step) -> None:
    payments = FakePayments()
    assert (await try_step(saga(step, total_minor=0), FakeInventory(), payments)).outcome is Outcome.DONE
    assert payments.asked == []


@pytest.mark.parametrize("step", [Step.RESERVE, Step.AUTHORIZE])
async def test_an_overdue_step_is_not_tried(step: Step) -> None:
    payments = FakePayments()
    attempt = await try_step(saga(step, is_overdue=True), FakeInventory(), payments)
    assert attempt.outcome is Outcome.TIMED_OUT
    assert attempt.cancellation is not None
    assert attempt.cancellation.code is CancellationCode.TIMED_OUT
    assert payments.asked == []


async def test_an_overdue_capture_is_tried_all_the_same() -> None:
    payments = FakePayments()
    assert (await try_step(saga(Step.CAPTURE, is_overdue=True), FakeInventory(), payments)).outcome is Outcome.DONE
    assert payments.asked == ["capture"]


@pytest.mark.parametrize("rejection", [FailedPrecondition("no"), NotFound("no"), Conflict("no")])
async def test_a_rejection_is_an_outcome(rejection: ServiceError) -> None:
    attempt = await try_step(saga(Step.VOID), FakeInventory(), FakePayments(failure=rejection))
    assert attempt.outcome is Outcome.REJECTED
    assert attempt.error == "VOID was refused: no"


@pytest.mark.parametrize("failure", [Unavailable("away"), Internal("broken"), Forbidden("wrong secret")])
async def test_a_failure_that_may_pass_is_no_outcome(failure: ServiceError) -> None:
    with pytest.raises(ServiceError, match=failure.message):
        await try_step(saga(Step.AUTHORIZE), FakeInventory(), FakePayments(failure=failure))


async def test_a_hold_sells_its_units_unless_it_expired_and_they_are_gone() -> None:
    inventory, good, late = FakeInventory(), saga(Step.COMMIT), saga(Step.COMMIT)
    for at in (good, late):
        inventory.put_in_stock(at.order.lines[0].variant_id, 1)
        await inventory.reserve(at.order)
    inventory.expire(late.order.id)
    inventory.put_in_stock(late.order.lines[0].variant_id, -1)
    assert (await try_step(good, inventory, FakePayments())).outcome is Outcome.DONE
    assert (await try_step(late, inventory, FakePayments())).outcome is Outcome.EXPIRED


async def test_of_a_cancelled_order_all_that_remains_is_refunded_however_much_that_is() -> None:
    payments = FakePayments(remaining_minor=400)
    attempt = await try_step(saga(Step.REFUND), FakeInventory(), payments)
    assert (attempt.outcome, attempt.given_minor, payments.asked) == (Outcome.DONE, 400, ["refund what remains"])
