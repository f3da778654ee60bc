"""The handlers that book what the shop has paid itself, without a server."""

import logging
from dataclasses import replace

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.commands.pay_late_outside import PayLateOutside, pay_late_outside
from subgraphs.payments.commands.pay_outside import PayOutside, pay_outside
from subgraphs.payments.commands.refund_payment import RefundPayment, refund_payment
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.events import RefundCause
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.paid_outside import PaidOutside
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import DisputeOutcome, StepRejectedError
from subgraphs.payments.domain.refund import Refunded
from subgraphs.payments.domain.rejections import (
    DisputeOpen,
    KeyOfOtherAmount,
    MoreIsLeft,
    NothingCaptured,
    NothingLeft,
    NothingToRepay,
    PaymentNotFound,
    PaymentNotOver,
    RefundUnderWay,
    StillHeld,
    TooMuchPaidOutside,
    TooMuchToRefund,
)
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import DECLINED
from tests.unit.payments.shop import Shop

HOW = "transfer 4711"


async def pay(shop: Shop, payment: Payment, amount_minor: int, key: str = "key", *, rest: bool = False) -> Refunded:
    paid = PaidOutside(key, amount_minor, HOW, is_rest=rest)
    return await shop.perform_alone(pay_outside, PayOutside(payment.order_id, paid))


async def pay_late(shop: Shop, payment: Payment) -> Money:
    return await shop.perform_alone(pay_late_outside, PayLateOutside(payment.order_id, 1, HOW))


async def came_late(shop: Shop) -> Payment:
    """A payment that is declined here, of which the provider took the amount after that and does not give it back."""
    payment = await shop.authorized()
    voided = replace(payment.standing, status=PaymentStatus.DECLINED, held_minor=0)
    shop.tables.payments[payment.id] = replace(payment, standing=voided)
    shop.tables.movements.clear()
    shop.provider.set(payment.reference, PaymentStatus.CAPTURED)
    shop.provider.failures["refund"] = StepRejectedError("refused")
    return await shop.followed(payment)


async def broken_off(shop: Shop, payment: Payment, amount_minor: int, key: str) -> None:
    shop.provider.failures["refund"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, amount_minor, key))


async def test_an_amount_is_booked_once_and_asks_nobody_for_money(shop: Shop) -> None:
    payment = await shop.captured()
    for _ in range(2):
        assert await pay(shop, payment, 700) == Refunded(payment.id, 700, 700)
    assert "refund" not in shop.provider.asked
    assert (shop.balance(Account.PAID_OUTSIDE), shop.balance(Account.RECEIVABLE)) == (700, 1990)
    told = shop.tables.events[-1].payload
    assert (told["cause"], told["refundKey"], told["amountMinor"]) == (RefundCause.OUTSIDE, "key", 700)


async def test_a_key_is_bound_to_what_came_with_it(shop: Shop) -> None:
    payment = await shop.captured()
    await pay(shop, payment, 700)
    for amount_minor, rest in ((701, False), (700, True)):
        with pytest.raises(KeyOfOtherAmount):
            await pay(shop, payment, amount_minor, rest=rest)


async def test_the_provider_is_asked_first_what_it_has_given_meanwhile(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    assert await pay(shop, payment, 700) == Refunded(payment.id, 700, 1000)


async def test_what_is_done_is_booked_though_less_is_left_and_the_log_warns(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 1500)
    with caplog.at_level(logging.INFO):
        assert await pay(shop, payment, 1990) == Refunded(payment.id, 1990, 3490)
    assert "19.90 EUR paid outside of stripe" in caplog.text
    assert "34.90 EUR back, which is more than the 19.90" in caplog.text


async def test_no_more_than_was_captured_is_booked(shop: Shop) -> None:
    payment = await shop.captured()
    await pay(shop, payment, 1000)
    for rest in (False, True):
        with pytest.raises(TooMuchPaidOutside) as rejected:
            await pay(shop, payment, 991, "more", rest=rest)
        assert rejected.value.most == Money(990, "EUR")


async def test_a_rest_is_all_that_is_left(shop: Shop) -> None:
    payment = await shop.captured()
    with pytest.raises(MoreIsLeft) as rejected:
        await pay(shop, payment, 1989, rest=True)
    assert rejected.value.left == Money(1990, "EUR")
    assert await pay(shop, payment, 1990, rest=True) == Refunded(payment.id, 1990, 1990)
    assert shop.now(payment).status is PaymentStatus.REFUNDED


async def test_it_is_in_the_place_of_a_refund_that_there_is_no_room_for(shop: Shop) -> None:
    payment = await shop.captured()
    await broken_off(shop, payment, 1000, "older")
    await broken_off(shop, payment, 500, "newer")
    await pay(shop, payment, 700, "paid")
    left = [kept.refund.key for kept in shop.tables.refunds.values() if not kept.refund.is_done]
    assert left == ["older"]


async def test_a_refund_of_the_same_key_is_given_up(shop: Shop) -> None:
    payment = await shop.captured()
    await broken_off(shop, payment, 700, "key")
    assert await pay(shop, payment, 700) == Refunded(payment.id, 700, 700)


async def test_a_refund_of_the_same_key_that_the_provider_gave_after_all_is_the_answer(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.lost["refund"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 700, "key"))
    assert await pay(shop, payment, 700) == Refunded(payment.id, 700, 700)
    assert shop.balance(Account.PAID_OUTSIDE) == 0


async def test_without_its_answer_nothing_is_booked(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.failures["retrieve"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await pay(shop, payment, 700)
    assert shop.balance(Account.PAID_OUTSIDE) == 0


async def test_where_the_provider_is_missing_the_rest_gives_up_what_is_held(shop: Shop) -> None:
    payment = await shop.authorized()
    with pytest.raises(StillHeld):
        await pay(shop, payment, 0, rest=True)
    shop.forget_provider()
    with pytest.raises(NothingToRepay):
        await pay(shop, payment, 1, rest=True)
    assert shop.now(payment).status is PaymentStatus.AUTHORIZED
    assert await pay(shop, payment, 0, rest=True) == Refunded(payment.id, 0, 0)
    after = shop.now(payment)
    assert (after.status, shop.told()[-1]) == (PaymentStatus.VOIDED, "PaymentVoided")
    assert after.follow_at is not None, "what the provider holds is let go once it is configured again"


async def test_what_was_not_taken_is_not_paid_back_by_an_amount(shop: Shop) -> None:
    with pytest.raises(NothingCaptured):
        await pay(shop, await shop.authorized(), 1)


async def test_what_came_late_and_stays_is_paid_and_told_to_no_order(shop: Shop) -> None:
    payment = await came_late(shop)
    assert payment.status is PaymentStatus.DECLINED
    assert payment.standing.left_minor == 1990
    assert await pay_late(shop, payment) == Money(1990, "EUR")
    after = shop.now(payment)
    assert (after.status, after.standing.left_minor) == (PaymentStatus.REFUNDED, 0)
    with pytest.raises(PaymentNotOver):
        await pay_late(shop, payment)


async def test_what_did_not_come_to_nothing_is_the_orders_to_settle(shop: Shop) -> None:
    with pytest.raises(PaymentNotOver) as rejected:
        await pay_late(shop, await shop.captured())
    assert rejected.value.status is PaymentStatus.CAPTURED
    with pytest.raises(NothingLeft):
        await pay_late(shop, await shop.authorized(DECLINED))


async def test_what_others_may_yet_give_back_is_waited_for(shop: Shop) -> None:
    payment = await came_late(shop)
    shop.provider.failures["refund"] = Unavailable("away")
    await shop.followed(payment)
    with pytest.raises(RefundUnderWay):
        await pay_late(shop, payment)
    shop.tables.refunds.clear()
    shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 90)
    shop.provider.failures["refund"] = StepRejectedError("refused")
    await shop.followed(payment)
    with pytest.raises(DisputeOpen):
        await pay_late(shop, payment)


async def test_the_same_key_has_the_same_answer_and_no_other_amount(shop: Shop) -> None:
    payment = await shop.captured()
    await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 200, "refund"))
    part = await pay(shop, payment, 300, "part")
    rest = await pay(shop, payment, 1490, "rest", rest=True)
    assert (part.refunded_minor, rest.refunded_minor) == (500, 1990)
    assert await pay(shop, payment, 300, "part") == part
    assert await pay(shop, payment, 1490, "rest", rest=True) == rest
    assert await pay(shop, payment, 0, "rest", rest=True) == rest, "older callers do not tell how much"
    assert await pay(shop, payment, 200, "refund") == Refunded(payment.id, 200, 200)
    for key, amount_minor, is_rest in (
        ("part", 301, False),
        ("rest", 1490, False),
        ("refund", 201, False),
        ("part", 300, True),
        ("rest", 1491, True),
    ):
        with pytest.raises(KeyOfOtherAmount):
            await pay(shop, payment, amount_minor, key, rest=is_rest)
    assert len(shop.tables.refunds) == 3


async def test_nothing_is_left_to_refund_of_what_was_paid_outside(shop: Shop) -> None:
    payment = await shop.captured()
    await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 490, "part"))
    assert await pay(shop, payment, 1500) == Refunded(payment.id, 1500, 1990)
    with pytest.raises(TooMuchToRefund) as rejected:
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 1, "more"))
    assert rejected.value.left == Money(0, "EUR")


async def test_nothing_left_and_nothing_taken_are_a_success_of_the_rest(shop: Shop) -> None:
    refunded, voided = await shop.captured(), await shop.authorized()
    shop.provider.refund_there(refunded.reference, 1990)
    await shop.perform_alone(void_payment, VoidPayment(voided.order_id))
    for payment, in_all in ((refunded, 1990), (voided, 0)):
        assert await pay(shop, payment, 0, rest=True) == Refunded(payment.id, 0, in_all)
    movements, events = len(shop.tables.movements), len(shop.tables.events)
    shop.forget_provider()
    for payment, in_all in ((refunded, 1990), (voided, 0)):
        assert await pay(shop, payment, 0, "again", rest=True) == Refunded(payment.id, 0, in_all)
    assert (len(shop.tables.movements), len(shop.tables.events)) == (movements, events)
    nobodys = PayOutside(new_id(), PaidOutside("key", 0, HOW, is_rest=True))
    with pytest.raises(PaymentNotFound):
        await shop.perform_alone(pay_outside, nobodys)


async def test_a_rejected_rest_leaves_what_was_begun_as_it_is_and_books_nothing(shop: Shop) -> None:
    payment = await shop.captured()
    await broken_off(shop, payment, 1000, "refund")
    shop.provider.refund_there(payment.reference, 490)
    for paid_minor in (0, 1499):
        with pytest.raises(MoreIsLeft) as rejected:
            await pay(shop, payment, paid_minor, rest=True)
        assert rejected.value.left == Money(1500, "EUR")
    assert [kept.refund.key for kept in shop.tables.refunds.values()] == ["refund"]
    assert shop.balance(Account.PAID_OUTSIDE) == 0
    assert await pay(shop, payment, 1500, rest=True) == Refunded(payment.id, 1500, 1990)


async def test_what_has_no_payment_can_not_have_come_late(shop: Shop) -> None:
    with pytest.raises(PaymentNotFound):
        await shop.perform_alone(pay_late_outside, PayLateOutside(new_id(), 1, HOW))


async def test_a_refund_that_nobody_can_give_any_more_is_given_up(shop: Shop) -> None:
    payment = await came_late(shop)
    shop.provider.failures["refund"] = Unavailable("away")
    await shop.followed(payment)
    shop.forget_provider()
    assert await pay_late(shop, payment) == Money(1990, "EUR")
    assert [kept.reference for kept in shop.tables.refunds.values()] == ["outside"]
