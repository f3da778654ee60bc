"""The handlers that give captured money back, without a server."""

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.commands.refund_payment import RefundPayment, refund_payment
from subgraphs.payments.commands.refund_remaining import RefundRemaining, refund_remaining
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.events import RefundCause
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.payment import Payment
from subgraphs.payments.domain.provider import DisputeOutcome, RefundState, StepRejectedError
from subgraphs.payments.domain.refund import Refunded
from subgraphs.payments.domain.rejections import (
    KeyOfAmount,
    KeyOfOtherAmount,
    NothingCaptured,
    PaymentNotFound,
    ProviderMissing,
    RefundRejected,
    StillHeld,
    TooMuchToRefund,
)
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import DECLINED
from tests.unit.payments.shop import Shop


async def refund(shop: Shop, payment: Payment, amount_minor: int, key: str = "key") -> Refunded:
    return await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, amount_minor, key))


async def refund_rest(shop: Shop, payment: Payment, key: str = "rest") -> Refunded:
    return await shop.perform_alone(refund_remaining, RefundRemaining(payment.order_id, key))


async def test_a_part_is_refunded_once_for_its_key(shop: Shop) -> None:
    payment = await shop.captured()
    for _ in range(2):
        assert await refund(shop, payment, 500) == Refunded(payment.id, 500, 500)
    assert await refund(shop, payment, 100, "other") == Refunded(payment.id, 100, 600)
    assert shop.balance(Account.REFUNDED) == 600
    told = [event.payload for event in shop.tables.events if event.type.endswith("PaymentRefunded")]
    assert [(each["refundKey"], each["cause"]) for each in told] == [
        ("key", RefundCause.REQUESTED),
        ("other", RefundCause.REQUESTED),
    ]


async def test_a_key_is_bound_to_what_came_with_it(shop: Shop) -> None:
    payment = await shop.captured()
    await refund(shop, payment, 500)
    with pytest.raises(KeyOfOtherAmount):
        await refund(shop, payment, 501)
    with pytest.raises(KeyOfAmount):
        await refund_rest(shop, payment, "key")
    await refund_rest(shop, payment)
    with pytest.raises(KeyOfOtherAmount):
        await refund(shop, payment, 1490, "rest")


async def test_no_more_than_is_left_is_refunded(shop: Shop) -> None:
    payment = await shop.captured()
    await refund(shop, payment, 1500)
    with pytest.raises(TooMuchToRefund) as rejected:
        await refund(shop, payment, 491, "more")
    assert rejected.value.left == Money(490, "EUR")
    with pytest.raises(NothingCaptured):
        await refund(shop, await shop.authorized(), 1)


async def test_a_refund_whose_answer_was_lost_is_looked_for_before_it_is_asked_for_again(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.lost["refund"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await refund(shop, payment, 500)
    assert await refund(shop, payment, 500) == Refunded(payment.id, 500, 500)
    assert shop.provider.asked[-2:] == ["refund", "find_refund"]
    assert shop.provider.intents[payment.reference].refunded_minor == 500


async def test_what_is_about_to_be_refunded_is_not_left(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.failures["refund"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await refund(shop, payment, 1500)
    with pytest.raises(TooMuchToRefund):
        await refund(shop, payment, 491, "more")


async def test_a_refund_that_the_provider_rejects_is_forgotten_and_what_was_done_there_is_booked(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 1000)
    shop.provider.failures["refund"] = StepRejectedError("word")
    with pytest.raises(RefundRejected) as rejected:
        await refund(shop, payment, 1500)
    assert rejected.value.word == "word"
    assert (shop.now(payment).standing.refunded_minor, shop.tables.refunds) == (1000, {})
    assert shop.tables.events[-1].payload["cause"] is RefundCause.PROVIDER


async def test_a_refund_that_is_on_its_way_is_asked_about_again(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_state = RefundState.PENDING
    await refund(shop, payment, 500)
    assert shop.seconds_until_asked(payment) > 800


async def test_a_refund_that_fails_at_once_is_asked_about_at_once(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_state = RefundState.FAILED
    await refund(shop, payment, 500)
    assert shop.seconds_until_asked(payment) <= 0
    assert (await shop.followed(payment)).standing.refunded_minor == 0


async def test_all_that_is_left_is_refunded_by_whomever_the_rest_was(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.refund_there(payment.reference, 300)
    shop.provider.dispute(payment.reference, DisputeOutcome.OPENED, 90)
    for _ in range(2):
        assert await refund_rest(shop, payment) == Refunded(payment.id, 1600, 1900)
    assert shop.now(payment).standing.left_minor == 0


async def test_of_nothing_nothing_is_left_and_that_is_a_success(shop: Shop) -> None:
    payment = await shop.authorized(DECLINED)
    assert await refund_rest(shop, payment) == Refunded(payment.id, 0, 0)
    assert shop.provider.asked == ["begin"]


async def test_the_rest_of_what_is_still_held_is_not_refunded(shop: Shop) -> None:
    with pytest.raises(StillHeld):
        await refund_rest(shop, await shop.authorized())


async def test_a_rest_is_in_the_place_of_refunds_that_broke_off(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.failures["refund"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await refund(shop, payment, 500)
    assert await refund_rest(shop, payment) == Refunded(payment.id, 1990, 1990)
    assert [kept.refund.key for kept in shop.tables.refunds.values()] == ["rest"]
    with pytest.raises(TooMuchToRefund):
        await refund(shop, payment, 500)


async def test_a_rest_that_somebody_was_faster_with_is_what_is_left_then(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.meanwhile["refund"] = lambda: shop.provider.refund_there(payment.reference, 90)
    assert await refund_rest(shop, payment) == Refunded(payment.id, 1900, 1990)


async def test_a_rest_that_is_rejected_though_nobody_was_faster_is_told(shop: Shop) -> None:
    payment = await shop.captured()
    shop.provider.failures["refund"] = StepRejectedError("word")
    with pytest.raises(RefundRejected):
        await refund_rest(shop, payment)
    assert await refund_rest(shop, payment) == Refunded(payment.id, 1990, 1990)


async def test_without_its_provider_nothing_is_begun(shop: Shop) -> None:
    payment = await shop.captured()
    shop.forget_provider()
    for giving in (refund_rest(shop, payment), refund(shop, payment, 500)):
        with pytest.raises(ProviderMissing):
            await giving
    assert (shop.tables.refunds, shop.now(payment).status) == ({}, PaymentStatus.CAPTURED)


async def test_an_attempt_without_a_payment_has_nothing_to_give_back(shop: Shop) -> None:
    payment = await shop.captured()
    with pytest.raises(PaymentNotFound):
        await shop.perform_alone(refund_payment, RefundPayment(payment.order_id, 1, "key", 2))
    with pytest.raises(PaymentNotFound):
        await shop.perform_alone(refund_remaining, RefundRemaining(payment.order_id, "key", 2))


@pytest.mark.parametrize("is_begun", [True, False])
async def test_what_was_voided_has_nothing_to_refund(shop: Shop, is_begun: bool) -> None:
    order_id = (await shop.authorized()).order_id if is_begun else new_id()
    await shop.perform_alone(void_payment, VoidPayment(order_id))
    events = shop.told()
    payment = shop.only(order_id)
    assert await refund_rest(shop, payment) == Refunded(payment.id, 0, 0)
    with pytest.raises(NothingCaptured):
        await refund(shop, payment, 1)
    assert shop.told() == events


async def test_the_same_key_has_the_same_answer_whatever_happened_since(shop: Shop) -> None:
    payment = await shop.captured()
    part, rest = await refund(shop, payment, 300, "part"), await refund_rest(shop, payment)
    assert await refund_rest(shop, payment, "later") == Refunded(payment.id, 0, 1990)
    assert await refund_rest(shop, payment, "later") == Refunded(payment.id, 0, 1990)
    assert (await refund(shop, payment, 300, "part"), await refund_rest(shop, payment)) == (part, rest)
    assert (part.refunded_minor, rest.refunded_minor) == (300, 1990)
    shop.forget_provider()
    assert await refund_rest(shop, payment, "without a provider") == Refunded(payment.id, 0, 1990)
