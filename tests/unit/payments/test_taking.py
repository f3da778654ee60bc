"""The handlers that take what is held or let it go, without a server."""

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from subgraphs.payments.commands.capture_payment import Captured, CaptureDeclined, CapturePayment, capture_payment
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import DeclinedError, StepRejectedError
from subgraphs.payments.domain.rejections import (
    AlreadyCaptured,
    CaptureRejected,
    NothingHeld,
    PaymentNotFound,
    ProviderMissing,
    VoidRejected,
)
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import ACTING, DECLINED, NO
from tests.unit.payments.shop import Shop, authorization


async def capture(shop: Shop, payment: Payment) -> Captured | CaptureDeclined:
    return await shop.perform_alone(capture_payment, CapturePayment(payment.order_id))


async def void(shop: Shop, payment: Payment) -> None:
    await shop.perform_alone(void_payment, VoidPayment(payment.order_id))


async def test_what_is_held_is_taken_once(shop: Shop) -> None:
    payment = await shop.authorized()
    for _ in range(2):
        assert await capture(shop, payment) == Captured(payment.id)
    assert shop.provider.asked == ["begin", "capture"]
    assert (shop.balance(Account.AUTHORIZED), shop.balance(Account.RECEIVABLE)) == (0, 1990)
    assert shop.told() == ["PaymentAuthorized", "PaymentCaptured"]


async def test_a_capture_whose_answer_was_lost_is_taken_once(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.lost["capture"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await capture(shop, payment)
    assert await capture(shop, payment) == Captured(payment.id)
    assert shop.balance(Account.CAPTURED) == -1990


async def test_a_hold_that_has_ended_is_declined_whether_that_is_known_or_not(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.set(payment.reference, PaymentStatus.VOIDED)
    for _ in range(2):
        outcome = await capture(shop, payment)
        assert isinstance(outcome, CaptureDeclined)
        assert outcome.decline.code == "authorization_ended"
    assert shop.now(payment).status is PaymentStatus.VOIDED


async def test_a_bank_that_says_no_at_the_last_moment_leaves_the_hold(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.failures["capture"] = DeclinedError(NO)
    assert await capture(shop, payment) == CaptureDeclined(payment.id, NO)
    assert shop.now(payment).status is PaymentStatus.AUTHORIZED


async def test_a_capture_that_the_provider_rejects_says_its_word(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.failures["capture"] = StepRejectedError("word")
    with pytest.raises(CaptureRejected) as rejected:
        await capture(shop, payment)
    assert rejected.value.word == "word"
    assert await capture(shop, payment) == Captured(payment.id)


async def test_what_nobody_paid_is_not_captured(shop: Shop) -> None:
    with pytest.raises(PaymentNotFound):
        await shop.perform_alone(capture_payment, CapturePayment(new_id()))
    with pytest.raises(NothingHeld):
        await capture(shop, await shop.authorized(DECLINED))


async def test_what_is_held_is_let_go_once(shop: Shop) -> None:
    payment = await shop.authorized()
    for _ in range(2):
        await void(shop, payment)
    assert shop.provider.asked == ["begin", "cancel"]
    assert (shop.now(payment).status, shop.balance(Account.AUTHORIZED)) == (PaymentStatus.VOIDED, 0)
    assert shop.told() == ["PaymentAuthorized", "PaymentVoided"]


async def test_what_was_taken_is_not_let_go(shop: Shop) -> None:
    payment = await shop.captured()
    with pytest.raises(AlreadyCaptured):
        await void(shop, payment)


async def test_a_void_of_what_may_have_begun_begins_it_and_lets_it_go(shop: Shop) -> None:
    wanted = authorization()
    shop.provider.lost["begin"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await shop.authorized(order_id=wanted.order_id)
    await shop.perform_alone(void_payment, VoidPayment(wanted.order_id))
    assert shop.provider.asked == ["begin", "begin", "cancel"]
    assert shop.told() == ["PaymentAuthorized", "PaymentVoided"]


async def test_a_void_of_what_the_provider_will_not_begin_is_a_decline(shop: Shop) -> None:
    shop.provider.failures["begin"] = Unavailable("away")
    wanted = authorization(DECLINED)
    with pytest.raises(Unavailable):
        await shop.authorized(DECLINED, wanted.order_id)
    await shop.perform_alone(void_payment, VoidPayment(wanted.order_id))
    assert shop.only(wanted.order_id).status is PaymentStatus.DECLINED


async def test_a_void_that_the_provider_rejects_leaves_the_hold(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.failures["cancel"] = StepRejectedError("word")
    with pytest.raises(VoidRejected):
        await void(shop, payment)
    assert shop.now(payment).status is PaymentStatus.AUTHORIZED
    await void(shop, payment)


async def test_a_buyer_who_need_not_act_any_more_can_not(shop: Shop) -> None:
    payment = await shop.authorized(ACTING)
    await void(shop, payment)
    assert shop.provider.intents[payment.reference].intent.status is PaymentStatus.VOIDED


async def test_without_its_provider_a_payment_stays_as_it_is(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.forget_provider()
    for step in (capture, void):
        with pytest.raises(ProviderMissing):
            await step(shop, payment)
    assert (shop.now(payment), shop.tables.leases) == (payment, {})


async def test_voiding_what_was_declined_changes_nothing(shop: Shop) -> None:
    payment = await shop.authorized(DECLINED)
    await void(shop, payment)
    assert shop.now(payment) == payment


async def test_an_attempt_without_a_payment_has_none_to_take(shop: Shop) -> None:
    payment = await shop.authorized()
    with pytest.raises(PaymentNotFound) as rejected:
        await shop.perform_alone(capture_payment, CapturePayment(payment.order_id, 2))
    assert (rejected.value.order_id, rejected.value.order_attempt) == (payment.order_id, 2)


async def test_what_needs_no_provider_is_answered_without_one(shop: Shop) -> None:
    taken, barred = await shop.captured(), await shop.authorized()
    await void(shop, barred)
    shop.forget_provider()
    assert await capture(shop, taken) == Captured(taken.id)
    await void(shop, barred)


async def test_what_was_changed_meanwhile_is_followed_from_there_and_the_lease_ends(shop: Shop) -> None:
    payment = await shop.authorized()
    shop.provider.meanwhile["capture"] = lambda: shop.change(payment)
    assert await capture(shop, payment) == Captured(payment.id)
    assert (shop.balance(Account.CAPTURED), shop.tables.leases) == (-1990, {})
