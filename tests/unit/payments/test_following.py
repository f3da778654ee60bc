"""What the worker does with payments that nobody has come for, without a server."""

import logging
from dataclasses import replace

import pytest

from shared.errors import Unavailable
from shared.money import Money
from subgraphs.payments.commands.find_changes import FindChanges, find_changes
from subgraphs.payments.commands.follow_due import FollowDue, follow_due
from subgraphs.payments.commands.follow_up import follow_up
from subgraphs.payments.commands.refund_payment import RefundPayment, refund_payment
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.events import RefundCause
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import Change, DisputeOutcome, RefundState, StepRejectedError
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import ACTING, DECLINED
from tests.unit.payments.shop import Shop, authorization


async def voided_though_taken(shop: Shop) -> Payment:
    """A payment that is voided here, and whose amount the provider took all the same."""
    payment = await shop.authorized()
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))
    shop.provider.set(payment.reference, PaymentStatus.CAPTURED)
    return shop.now(payment)


@pytest.mark.parametrize("status", [PaymentStatus.AUTHORIZED, PaymentStatus.DECLINED])
async def test_a_buyers_action_is_learned_without_any_webhook(shop: Shop, status: PaymentStatus) -> None:
    payment = await shop.authorized(ACTING)
    shop.provider.set(payment.reference, status)
    assert (await shop.followed(payment)).status is status


async def test_what_the_buyer_has_approved_is_held(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    its = shop.provider.intents[payment.reference]
    its.intent = replace(its.intent, status=PaymentStatus.PENDING, awaits_confirmation=True)
    assert (await shop.followed(payment)).status is PaymentStatus.AUTHORIZED
    assert shop.provider.asked == ["begin", "retrieve", "confirm"]


async def test_an_open_payment_is_asked_about_again_and_one_that_was_taken_is_not(shop: Shop) -> None:
    waiting, taken = await shop.authorized(ACTING), await shop.captured()
    assert (await shop.followed(waiting)).follow_at is not None
    assert (await shop.followed(taken)).follow_at is None


async def test_what_was_not_begun_is_left_to_whoever_wants_it(shop: Shop) -> None:
    wanted = authorization()
    shop.provider.failures["begin"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.authorized(order_id=wanted.order_id)
    payment = await shop.followed(shop.only(wanted.order_id))
    assert (payment.status, shop.provider.asked) == (PaymentStatus.PENDING, ["begin"])


async def test_a_declined_intent_is_barred(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    await shop.followed(payment)
    shop.provider.set(payment.reference, PaymentStatus.DECLINED)
    declined = await shop.followed(payment)
    assert (declined.status, shop.told()) == (PaymentStatus.DECLINED, ["PaymentDeclined"])
    assert "cancel" in shop.provider.asked


async def test_what_is_held_too_late_is_let_go_and_booked(shop: Shop) -> None:
    payment = await shop.authorized()
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))
    shop.provider.set(payment.reference, PaymentStatus.AUTHORIZED)
    await shop.followed(payment)
    assert shop.provider.intents[payment.reference].intent.status is PaymentStatus.VOIDED
    assert (shop.balance(Account.AUTHORIZED), shop.now(payment).standing.has_money) == (0, False)
    assert shop.alarms.counted == {"late success": 1}


async def test_what_is_taken_too_late_goes_back_once(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    for _ in range(2):
        after = await shop.followed(payment)
    assert (after.status, after.standing.left_minor) == (PaymentStatus.REFUNDED, 0)
    assert shop.provider.intents[payment.reference].refunded_minor == 1990
    refunded = [event.payload for event in shop.tables.events if event.type.endswith("PaymentRefunded")]
    assert [(told["cause"], told["refundKey"]) for told in refunded] == [(RefundCause.LATE, None)]


async def test_what_came_back_of_that_goes_back_once_more_and_then_stays(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    await shop.followed(payment)
    for times in (1, 2):
        shop.provider.fail_refunds(payment.reference)
        after = await shop.followed(payment)
        assert len(shop.provider.intents[payment.reference].refunds) == 2
        assert after.standing.left_minor == (0 if times == 1 else 1990)
    assert after.status is PaymentStatus.VOIDED


async def test_what_is_done_on_the_providers_page_is_booked(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 500, fee_minor=1500)
    after = await shop.followed(payment)
    assert (after.standing.refunded_minor, after.standing.disputed_minor) == (300, 500)
    assert shop.balance(Account.FEES) == 1500
    assert (await shop.followed(payment)).follow_at is not None, "a dispute is open"
    shop.provider.dispute(payment.reference, DisputeOutcome.WON, 500)
    assert (await shop.followed(payment)).standing.disputed_minor == 0
    assert shop.told()[-3:] == ["PaymentRefunded", "PaymentDisputed", "PaymentDisputeClosed"]


async def test_a_dispute_about_something_else_is_no_obstacle(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    payment = await shop.captured()
    shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 1991)
    after = await shop.followed(payment)
    assert (after.standing.disputed_minor, after.follow_at, shop.alarms.counted) == (0, None, {"mismatch": 1})
    assert "is not about what payment" in caplog.text


async def test_a_refund_of_ours_that_broke_off_is_not_somebody_elses(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.lost["refund"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 500, "key"))
    await shop.followed(payment)
    assert shop.tables.events[-1].payload["refundKey"] == "key"
    assert shop.now(payment).standing.refunded_minor == 500


async def test_a_refund_that_fails_is_booked_back_once_with_its_key(shop: Shop) -> None:
    payment = await shop.captured()
    await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 500, "key"))
    shop.provider.fail_refunds(payment.reference)
    for _ in range(2):
        assert (await shop.followed(payment)).standing.refunded_minor == 0
    told = [event.payload for event in shop.tables.events if event.type.endswith("PaymentRefundFailed")]
    assert [(each["refundKey"], each["reason"]) for each in told] == [("key", "account_closed")]
    assert shop.alarms.counted == {"refund failure": 1}


async def test_a_failed_refund_that_nobody_heard_of_was_not_booked(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    shop.provider.fail_refunds(payment.reference)
    await shop.followed(payment)
    assert shop.told() == ["PaymentAuthorized", "PaymentCaptured"]


async def test_a_refund_that_is_on_its_way_is_asked_about(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_state = RefundState.PENDING
    await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 500, "key"))
    assert (await shop.followed(payment)).follow_at is not None


async def test_an_outage_and_a_missing_provider_are_waited_for(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    payment = await shop.captured()
    shop.provider.failures["retrieve"] = Unavailable("away")
    with caplog.at_level(logging.INFO):
        assert (await shop.followed(payment)).follow_at is not None
        shop.forget_provider()
        assert (await shop.followed(payment)).follow_at is not None
    assert "is looked at again" in caplog.text
    assert "its provider stripe is not configured here" in caplog.text
    assert shop.tables.leases == {}


async def test_what_can_not_be_put_right_is_told_to_people_and_tried_later(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    payment = await voided_though_taken(shop)
    shop.provider.failures["refund"] = StepRejectedError("word")
    assert (await shop.followed(payment)).follow_at is not None
    assert "can't be put right, look at it: RefundRejected(word='word')" in caplog.text


async def test_what_was_changed_since_the_provider_was_asked_is_looked_at_again(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    await shop.followed(payment)
    shop.provider.fail_refunds(payment.reference)
    lease = await shop.leases.of_payment(payment.id)
    assert lease is not None
    shop.tables.payments[payment.id] = replace(lease.payment, version=lease.payment.version + 1)
    await follow_up(lease, shop)
    assert shop.now(payment).standing.refunded_minor == 300
    assert (await shop.followed(payment)).standing.refunded_minor == 0


async def test_each_of_many_is_followed_by_one(shop: Shop) -> None:
    for payment in [await shop.captured() for _ in range(4)]:
        await shop.payments.follow_in(payment.id, 0)
    assert [await shop.perform_alone(follow_due, FollowDue(3)) for _ in range(3)] == [3, 1, 0]


async def test_changes_in_a_providers_lists_have_it_be_asked_and_the_next_look_goes_on(shop: Shop) -> None:
    payment = await shop.captured()
    given = shop.provider.refund_there(payment.reference, 300)
    shop.provider.listed = [Change(given.reference, payment.reference, is_dispute=False)]
    assert await shop.perform_alone(find_changes, FindChanges("stripe")) == 1
    assert await shop.looks.until("stripe") is not None
    assert (await shop.followed(payment)).standing.refunded_minor == 300


async def test_an_amount_of_another_payment_is_not_booked(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    its = shop.provider.intents[payment.reference]
    its.intent = replace(its.intent, amount=Money(1, "EUR"))
    await shop.followed(payment)
    assert shop.alarms.counted == {"mismatch": 1}
    assert not shop.now(payment).standing.has_money


async def test_a_payment_that_is_declined_at_once_has_no_intent_to_bar(shop: Shop) -> None:
    payment = await shop.authorized(DECLINED)
    assert payment.follow_at is None


async def test_what_came_late_and_was_changed_meanwhile_is_looked_at_again(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    shop.provider.meanwhile["retrieve"] = lambda: shop.change(payment)
    assert not (await shop.followed(payment)).standing.has_money
    assert (await shop.followed(payment)).status is PaymentStatus.REFUNDED


async def test_of_refunds_that_failed_ours_were_booked_for_certain(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 500, "key"))
    shop.provider.fail_refunds(payment.reference)
    assert (await shop.followed(payment)).standing.refunded_minor == 0
    told = [event.payload for event in shop.tables.events if event.type.endswith("PaymentRefundFailed")]
    assert [(each["refundKey"], each["amountMinor"]) for each in told] == [("key", 500)]


async def test_what_failed_of_what_came_late_is_left_again(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    shop.provider.refund_there(payment.reference, 300)
    shop.provider.failures["refund"] = StepRejectedError("word")
    assert (await shop.followed(payment)).standing.left_minor == 1690
    shop.provider.fail_refunds(payment.reference)
    shop.provider.failures["refund"] = StepRejectedError("word")
    assert (await shop.followed(payment)).standing.left_minor == 1990


async def test_what_a_bank_has_of_what_came_late_is_not_sent_back_too(shop: Shop) -> None:
    payment = await voided_though_taken(shop)
    shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 500)
    after = await shop.followed(payment)
    assert (after.standing.disputed_minor, after.standing.refunded_minor) == (500, 1490)


async def test_what_the_provider_has_forgotten_is_voided(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    its = shop.provider.intents[payment.reference]
    its.intent = replace(its.intent, status=PaymentStatus.VOIDED, amount=Money(0, "EUR"))
    assert (await shop.followed(payment)).status is PaymentStatus.VOIDED
    assert shop.alarms.counted == {}
