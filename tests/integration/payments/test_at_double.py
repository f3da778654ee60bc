"""Payments at the double of Stripe: what localstripe can't be told to do."""

from uuid import UUID

import pytest

from shared import db
from shared.errors import FailedPrecondition, Unavailable
from subgraphs.payments.commands.authorize_payment import authorize_payment
from subgraphs.payments.commands.capture_payment import capture_payment
from subgraphs.payments.commands.refund_payment import refund_payment
from subgraphs.payments.commands.void_payment import void_payment
from subgraphs.payments.domain.payment import PaymentStatus
from tests.integration.payments.builders import authorization, captured, events_of, follow_all, movements_of, status_of, told_of
from tests.integration.payments.doubled import ACTING_CARD, DoubledShop, make_due


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
    await follow_all(shop.provider)
    pause = await db.fetch_value("SELECT extract(epoch FROM follow_at - now())::float FROM payments WHERE order_id = $1", order_id)
    assert 3 < pause < 8


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
async def test_what_was_done_at_the_providers_dashboard_is_learned_from_webhooks_in_any_order(shop: DoubledShop, seed: int) -> None:
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


async def test_a_dispute_is_told_of_with_what_staff_need(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=1500, reason="product_not_received")
    await shop.tell(*await shop.events(order_id))
    await shop.double.decide(dispute, "lost")
    await shop.tell(*await shop.events(order_id))
    (opened,), (closed,) = await told_of(order_id, "PaymentDisputed"), await told_of(order_id, "PaymentDisputeClosed")
    for told in (opened, closed):
        assert (told["disputeReference"], told["amountMinor"], told["reason"]) == (dispute, 1500, "product_not_received")
    assert opened["disputeId"] == closed["disputeId"]
    assert opened["evidenceDueAt"] == closed["evidenceDueAt"]
    assert closed["outcome"] == "LOST"


OUTCOMES = {"won": "DISPUTE_WON", "lost": "DISPUTE_LOST"}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("seed", range(3))
async def test_a_dispute_is_booked_with_its_fee_and_its_end(shop: DoubledShop, outcome: str, seed: int) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    await shop.double.decide(dispute, outcome)
    await shop.tell_until_heard(await shop.events(order_id), seed)
    kinds = sorted(kind for kind, _ in await movements_of(order_id))
    assert kinds == sorted(["AUTHORIZATION", "CAPTURE", "DISPUTE_OPENED", "FEE", OUTCOMES[outcome]])
    assert (await events_of(order_id))[-2:] == ["PaymentDisputed", "PaymentDisputeClosed"]


async def test_what_the_bank_took_back_is_not_refunded_too(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.dispute(await shop.reference(order_id), amount=1500)
    await shop.tell(*await shop.events(order_id))
    with pytest.raises(FailedPrecondition, match=r"Only 4\.90 EUR"):
        await refund_payment(order_id, 491, "key", shop.providers)


async def test_a_dispute_that_is_heard_of_before_the_capture_tells_of_that_too(shop: DoubledShop) -> None:
    wanted = authorization()
    await authorize_payment(wanted, shop.providers)
    reference = await shop.reference(wanted.order_id)
    await shop.act(f"/v1/payment_intents/{reference}/capture")
    await shop.double.dispute(reference)
    created = [event for event in await shop.events(wanted.order_id) if event["type"] == "charge.dispute.created"]
    assert await shop.tell(*created) == ["APPLIED"]
    assert [kind for kind, _ in await movements_of(wanted.order_id)][:3] == ["AUTHORIZATION", "CAPTURE", "DISPUTE_OPENED"]
    assert (await capture_payment(wanted.order_id, shop.providers))[1] is None


@pytest.mark.parametrize("difference", [{"amount": 1991}, {"currency": "usd"}, {"amount": 0}])
async def test_a_dispute_about_another_amount_or_currency_is_put_aside(shop: DoubledShop, difference: dict[str, object]) -> None:
    order_id = await captured(shop.provider)
    dispute = {"id": "du_other", "payment_intent": await shop.reference(order_id), "status": "needs_response", "amount": 1990}
    event = {
        "id": f"evt_{order_id}{difference}",
        "type": "charge.dispute.created",
        "data": {"object": {**dispute, "currency": "eur", **difference}},
    }
    assert await shop.tell(event) == ["MISMATCHED"]
    assert [kind for kind, _ in await movements_of(order_id)] == ["AUTHORIZATION", "CAPTURE"]
