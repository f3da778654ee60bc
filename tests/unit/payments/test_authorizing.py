"""The handler that has an amount held, without a server."""

from dataclasses import replace

import pytest

from shared.errors import Unavailable
from shared.ids import new_id
from shared.money import Money
from subgraphs.payments.commands.authorize_payment import authorize_payment
from subgraphs.payments.commands.void_payment import VoidPayment, void_payment
from subgraphs.payments.domain.ledger import Account
from subgraphs.payments.domain.methods import NOT_TAKEN, UNKNOWN_METHOD
from subgraphs.payments.domain.provider import FailedError, StoredCard
from subgraphs.payments.domain.rejections import (
    AmountMismatch,
    AttemptOver,
    PaymentExists,
    PaymentVoided,
    ProviderMissing,
)
from subgraphs.payments.domain.status import PaymentStatus
from tests.fakes.payment_provider import ACTING, DECLINED, NO, WORKING
from tests.unit.payments.shop import Shop, authorization


async def test_an_amount_is_held_once_booked_and_told_of(shop: Shop) -> None:
    wanted = authorization()
    payment = await shop.perform_alone(authorize_payment, wanted)
    again = await shop.perform_alone(authorize_payment, wanted)
    assert (payment.status, again) == (PaymentStatus.AUTHORIZED, payment)
    assert (shop.balance(Account.AUTHORIZED), shop.told()) == (1990, ["PaymentAuthorized"])
    assert (shop.provider.asked, shop.tables.leases) == (["begin"], {})


async def test_a_declined_payment_says_why_and_holds_nothing(shop: Shop) -> None:
    payment = await shop.authorized(DECLINED)
    assert (payment.status, payment.decline) == (PaymentStatus.DECLINED, NO)
    assert (shop.tables.movements, shop.told()) == ([], ["PaymentDeclined"])


async def test_a_buyer_who_has_to_act_is_told_how_until_it_is_done(shop: Shop) -> None:
    wanted = authorization(ACTING)
    asked = await shop.perform_alone(authorize_payment, wanted)
    assert asked.status is PaymentStatus.REQUIRES_ACTION
    assert asked.action is not None
    assert asked.action.client_secret == "secret"
    shop.provider.set(asked.reference, PaymentStatus.AUTHORIZED)
    passed = await shop.perform_alone(authorize_payment, wanted)
    assert (passed.status, passed.action) == (PaymentStatus.AUTHORIZED, None)


async def test_another_key_does_not_pay_an_order_again(shop: Shop) -> None:
    payment = await shop.authorized()
    with pytest.raises(PaymentExists):
        await shop.perform_alone(authorize_payment, replace(authorization(order_id=payment.order_id), key="other"))


async def test_what_was_voided_first_is_never_held(shop: Shop) -> None:
    wanted = authorization()
    await shop.perform_alone(void_payment, VoidPayment(wanted.order_id))
    with pytest.raises(PaymentVoided):
        await shop.perform_alone(authorize_payment, wanted)
    assert shop.provider.asked == []


async def test_once_a_later_attempt_has_begun_no_earlier_one_does(shop: Shop) -> None:
    order_id = new_id()
    await shop.authorized(order_id=order_id, attempt=2)
    with pytest.raises(AttemptOver):
        await shop.authorized(order_id=order_id, attempt=1)


async def test_a_shop_declines_means_of_payment_that_it_does_not_take(shop: Shop) -> None:
    assert (await shop.authorized("paypal")).decline == NOT_TAKEN


async def test_a_provider_that_was_perhaps_asked_before_is_missed(shop: Shop) -> None:
    wanted = authorization()
    shop.provider.failures["begin"] = Unavailable("away")
    with pytest.raises(Unavailable):
        await shop.perform_alone(authorize_payment, wanted)
    shop.forget_provider()
    with pytest.raises(ProviderMissing):
        await shop.perform_alone(authorize_payment, wanted)
    assert shop.only(wanted.order_id).status is PaymentStatus.PENDING


async def test_after_an_outage_the_same_request_is_sent_again(shop: Shop) -> None:
    wanted = authorization()
    shop.provider.lost["begin"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await shop.perform_alone(authorize_payment, wanted)
    assert (await shop.perform_alone(authorize_payment, wanted)).status is PaymentStatus.AUTHORIZED
    assert len(shop.provider.intents) == 1


async def test_a_failure_that_had_its_effect_is_found_in_the_providers_books(shop: Shop) -> None:
    shop.provider.lost["begin"] = FailedError("failed")
    assert (await shop.authorized()).status is PaymentStatus.AUTHORIZED


async def test_a_failure_without_effect_is_followed_by_another_attempt(shop: Shop) -> None:
    wanted = authorization()
    shop.provider.failures["begin"] = FailedError("failed")
    with pytest.raises(FailedError):
        await shop.perform_alone(authorize_payment, wanted)
    assert (await shop.perform_alone(authorize_payment, wanted)).attempt == 2


async def test_a_provider_that_is_still_at_work_is_asked_again(shop: Shop) -> None:
    wanted = authorization(WORKING)
    with pytest.raises(Unavailable):
        await shop.perform_alone(authorize_payment, wanted)
    shop.provider.set(shop.only(wanted.order_id).reference, PaymentStatus.AUTHORIZED)
    assert (await shop.perform_alone(authorize_payment, wanted)).status is PaymentStatus.AUTHORIZED
    assert shop.provider.asked == ["begin", "retrieve"]


async def test_another_amount_at_the_provider_is_not_applied_and_told_to_people(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = authorization(ACTING)
    payment = await shop.perform_alone(authorize_payment, wanted)
    its = shop.provider.intents[payment.reference]
    its.intent = replace(its.intent, amount=Money(1, "EUR"))
    with pytest.raises(AmountMismatch) as rejected:
        await shop.perform_alone(authorize_payment, wanted)
    assert (rejected.value.theirs, rejected.value.ours) == (Money(1, "EUR"), payment.amount)
    assert shop.alarms.counted == {"mismatch": 1}
    assert "tells another amount" in caplog.text


@pytest.mark.parametrize("is_own", [True, False])
async def test_a_kept_card_pays_for_its_owner_alone(shop: Shop, is_own: bool) -> None:
    wanted = authorization()
    owner = wanted.customer_id if is_own else new_id()
    card = StoredCard("pm_kept", "visa", "4242", 12, 2030)
    kept = await shop.methods.add(owner, "stripe", "cus_1", card)
    payment = await shop.perform_alone(authorize_payment, replace(wanted, payment_method_id=str(kept.id)))
    if is_own:
        assert (payment.status, payment.method) == (PaymentStatus.AUTHORIZED, "pm_kept")
        assert payment.customer_reference == "cus_1"
    else:
        assert payment.decline == UNKNOWN_METHOD
        assert shop.provider.asked == []


async def test_a_void_bars_its_own_attempt_alone_and_tells_nobody(shop: Shop) -> None:
    order_id = new_id()
    for attempt in (1, 1, 2):
        await shop.perform_alone(void_payment, VoidPayment(order_id, attempt))
    assert (len(shop.tables.payments), shop.told()) == (2, [])
    for attempt in (1, 2):
        with pytest.raises(PaymentVoided):
            await shop.authorized(order_id=order_id, attempt=attempt)
    assert (await shop.authorized(order_id=order_id, attempt=3)).status is PaymentStatus.AUTHORIZED


async def test_a_provider_that_is_not_here_any_more_is_declined_by_a_new_payment(shop: Shop) -> None:
    shop.forget_provider()
    assert (await shop.authorized()).decline == NOT_TAKEN


async def test_once_the_provider_is_back_a_payment_that_may_have_begun_goes_on(shop: Shop) -> None:
    wanted, providers = authorization(), shop.providers
    shop.provider.lost["begin"] = Unavailable("lost")
    with pytest.raises(Unavailable):
        await shop.perform_alone(authorize_payment, wanted)
    shop.forget_provider()
    with pytest.raises(ProviderMissing):
        await shop.perform_alone(authorize_payment, wanted)
    shop.providers = providers
    assert (await shop.perform_alone(authorize_payment, wanted)).status is PaymentStatus.AUTHORIZED
