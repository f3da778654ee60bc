"""Payments at the double of Stripe: what localstripe can't be told to do."""

from uuid import UUID

import pytest

from shared.errors import FailedPrecondition, Unavailable
from shared.persistence import db
from subgraphs.payments.domain.status import PaymentStatus
from tests.integration.payments.builders import authorization, captured, events_of, follow_all, movements_of, status_of
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due
from tests.integration.payments.performed import (
    authorize_payment,
    capture_payment,
    refund_payment,
    refund_remaining,
    void_payment,
)


async def waiting(shop: DoubledShop) -> UUID:
    """A payment whose buyer has to authenticate."""
    wanted = authorization(ACTING_CARD)
    assert (await authorize_payment(wanted, shop.providers)).status is PaymentStatus.REQUIRES_ACTION
    return wanted.order_id


async def test_a_payment_takes_one_call_to_hold_and_one_to_take(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    reference = await shop.reference(order_id)
    paths = [request["path"] for request in await shop.double.requests() if request["method"] == "POST"]
    assert paths[-2:] == ["/v1/payment_intents", f"/v1/payment_intents/{reference}/capture"]


@pytest.mark.parametrize("approves", [True, False])
async def test_without_any_webhook_the_buyers_action_is_learned_all_the_same(shop: DoubledShop, approves: bool) -> None:
    order_id = await waiting(shop)
    await shop.double.buyer_acts(await shop.reference(order_id), approves)
    await make_due(order_id)
    await follow_all(shop.provider)
    assert await status_of(order_id) is (PaymentStatus.AUTHORIZED if approves else PaymentStatus.DECLINED)
    assert await events_of(order_id) == ["PaymentAuthorized" if approves else "PaymentDeclined"]
    assert (await shop.intent(order_id))["status"] == ("requires_capture" if approves else "canceled")


async def test_a_payment_that_waits_is_not_asked_about_all_the_time(shop: DoubledShop) -> None:
    order_id = await waiting(shop)
    await make_due(order_id)
    before = await db.fetch_value("SELECT now()")
    await follow_all(shop.provider)
    bounds = "SELECT follow_at > $2::timestamptz + interval '3 s' AND follow_at < now() + interval '8 s' FROM payments"
    assert await db.fetch_value(f"{bounds} WHERE order_id = $1", order_id, before)


@pytest.mark.parametrize("decline", ["pm_card_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedLostCard"])
async def test_a_declined_intent_is_barred_by_the_worker(shop: DoubledShop, decline: str) -> None:
    wanted = authorization(decline)
    assert (await authorize_payment(wanted, shop.providers)).decline
    await follow_all(shop.provider)
    assert (await shop.intent(wanted.order_id))["status"] == "canceled"


@pytest.mark.parametrize("when", ["during", "after"])
async def test_a_begin_that_the_provider_remembers_as_failed_is_held_once(shop: DoubledShop, when: str) -> None:
    wanted = authorization()
    await shop.double.on_requests("fail", "/v1/payment_intents", method="POST", when=when)
    if when == "during":
        with pytest.raises(Unavailable):
            await authorize_payment(wanted, shop.providers)
    assert (await authorize_payment(wanted, shop.providers)).status is PaymentStatus.AUTHORIZED
    assert await shop.counts(wanted.order_id) == {"authorization": 1}


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_void_of_what_may_have_begun_lets_go_what_there_is(shop: DoubledShop, when: str) -> None:
    wanted = authorization()
    await shop.double.on_requests("drop", "/v1/payment_intents", method="POST", when=when)
    with pytest.raises(Unavailable):
        await authorize_payment(wanted, shop.providers)
    await void_payment(wanted.order_id, shop.providers)
    assert await shop.counts(wanted.order_id) == {"authorization": 1, "release": 1}
    assert await movements_of(wanted.order_id) == [("AUTHORIZATION", 1990), ("VOID", 1990)]


@pytest.mark.parametrize("seed", range(4))
async def test_all_webhooks_three_times_in_any_order_end_where_none_does(shop: DoubledShop, seed: int) -> None:
    order_id = await captured(shop.provider)
    await refund_payment(order_id, 490, "a part", shop.providers)
    before = await movements_of(order_id), await events_of(order_id)
    await shop.tell_until_heard(await shop.events(order_id), seed)
    await follow_all(shop.provider)
    assert (await movements_of(order_id), await events_of(order_id)) == before


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_done_at_the_providers_dashboard_is_learned_from_webhooks_in_any_order(
    shop: DoubledShop, seed: int
) -> None:
    order_id = await waiting(shop)
    reference = await shop.reference(order_id)
    await shop.double.buyer_acts(reference, approves=True)
    await shop.act(f"/v1/payment_intents/{reference}/capture")
    for amount in ("300", "190"):
        await shop.act("/v1/refunds", payment_intent=reference, amount=amount)
    await shop.tell_until_heard(await shop.events(order_id), seed)
    moved = await movements_of(order_id)
    assert moved[:2] == [("AUTHORIZATION", 1990), ("CAPTURE", 1990)]
    assert sum(amount for kind, amount in moved if kind == "REFUND") == 490


async def test_a_refund_of_ours_that_broke_off_is_not_taken_for_somebody_elses(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.on_requests("drop", "/v1/refunds", method="POST", when="after")
    with pytest.raises(Unavailable):
        await refund_payment(order_id, 500, "key", shop.providers)
    await shop.act("/v1/refunds", payment_intent=await shop.reference(order_id), amount="90")
    assert set(await shop.tell(*await shop.events(order_id))) >= {"ASKED"}
    await follow_all(shop.provider)
    await refund_payment(order_id, 500, "key", shop.providers)
    assert sorted(amount for kind, amount in await movements_of(order_id) if kind == "REFUND") == [90, 500]


async def test_a_capture_that_the_provider_rejects_is_rejected_and_done_when_it_is_asked_again(
    shop: DoubledShop,
) -> None:
    wanted = authorization()
    await authorize_payment(wanted, shop.providers)
    await shop.double.on_requests("fail", "/v1/payment_intents/*/capture", method="POST", status=400)
    with pytest.raises(FailedPrecondition, match="still held"):
        await capture_payment(wanted.order_id, shop.providers)
    assert await status_of(wanted.order_id) is PaymentStatus.AUTHORIZED
    assert (await capture_payment(wanted.order_id, shop.providers))[1] is None
    assert (await shop.counts(wanted.order_id))["capture"] == 1


@pytest.mark.parametrize("card", ["pm_card_visa", ACTING_CARD])
async def test_a_void_that_the_provider_rejects_is_rejected_and_done_when_it_is_asked_again(
    shop: DoubledShop, card: str
) -> None:
    wanted = authorization(card)
    begun = await authorize_payment(wanted, shop.providers)
    await shop.double.on_requests("fail", "/v1/payment_intents/*/cancel", method="POST", status=400)
    with pytest.raises(FailedPrecondition, match="refuses to let the amount go"):
        await void_payment(wanted.order_id, shop.providers)
    with pytest.raises(FailedPrecondition, match="did not let go"):
        await refund_remaining(wanted.order_id, "key", shop.providers)
    assert await status_of(wanted.order_id) is begun.status
    await void_payment(wanted.order_id, shop.providers)
    assert (await shop.intent(wanted.order_id))["status"] == "canceled"


async def test_a_hold_that_has_ended_is_a_declined_capture_whether_that_is_known_or_not(shop: DoubledShop) -> None:
    wanted = authorization()
    await authorize_payment(wanted, shop.providers)
    await shop.double.expire(await shop.reference(wanted.order_id))
    for _ in range(2):
        _, decline = await capture_payment(wanted.order_id, shop.providers)
        assert decline is not None
        assert decline.code == "authorization_ended"
    assert await events_of(wanted.order_id) == ["PaymentAuthorized", "PaymentVoided"]
