"""Disputes: what banks do with captured money is booked once, whichever way payments learns of it."""

import time
from typing import Any
from uuid import UUID

import pytest

from shared.errors import FailedPrecondition
from shared.persistence import db
from tests.integration.payments.builders import authorization, captured, events_of, follow_all, movements_of, told_of
from tests.integration.payments.doubled import DoubledShop, make_due
from tests.integration.payments.performed import authorize_payment, capture_payment, refund_payment, refund_remaining

IN_A_MONTH = int(time.time()) + 30 * 86_400


async def test_a_dispute_is_told_of_with_what_staff_need(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=1500, reason="product_not_received")
    await shop.tell(*await shop.events(order_id))
    await shop.double.decide(dispute, "lost")
    await shop.tell(*await shop.events(order_id))
    (opened,), (closed,) = await told_of(order_id, "PaymentDisputed"), await told_of(order_id, "PaymentDisputeClosed")
    for told in (opened, closed):
        assert (told["disputeReference"], told["amountMinor"], told["reason"]) == (
            dispute,
            1500,
            "product_not_received",
        )
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
    assert [kind for kind, _ in await movements_of(wanted.order_id)][:3] == [
        "AUTHORIZATION",
        "CAPTURE",
        "DISPUTE_OPENED",
    ]
    assert (await capture_payment(wanted.order_id, shop.providers))[1] is None


@pytest.mark.parametrize("difference", [{"amount": 1991}, {"currency": "usd"}, {"amount": 0}])
async def test_a_dispute_about_another_amount_or_currency_is_put_aside(
    shop: DoubledShop, difference: dict[str, object]
) -> None:
    order_id = await captured(shop.provider)
    dispute = {
        "id": "du_other",
        "payment_intent": await shop.reference(order_id),
        "status": "needs_response",
        "amount": 1990,
    }
    event = {
        "id": f"evt_{order_id}",
        "type": "charge.dispute.created",
        "data": {"object": {**dispute, "currency": "eur", **difference}},
    }
    assert await shop.tell(event) == ["MISMATCHED"]
    assert [kind for kind, _ in await movements_of(order_id)] == ["AUTHORIZATION", "CAPTURE"]


async def asked(shop: DoubledShop, order_id: UUID) -> None:
    """The worker asks the provider about an order's payment."""
    await make_due(order_id)
    await follow_all(shop.provider)


async def follows_in(order_id: UUID) -> float | None:
    """In how many seconds the provider is asked again."""
    query = "SELECT extract(epoch FROM follow_at - now())::float FROM payments WHERE order_id = $1"
    seconds: float | None = await db.fetch_value(query, order_id)
    return seconds


async def event_of(shop: DoubledShop, order_id: UUID, event_type: str) -> dict[str, Any]:
    """The latest event of a type."""
    return [event for event in await shop.events(order_id) if event["type"] == event_type][-1]


@pytest.mark.parametrize("outcome", OUTCOMES)
async def test_without_any_webhook_a_dispute_and_its_end_are_found(shop: DoubledShop, outcome: str) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    await asked(shop, order_id)
    assert (await events_of(order_id))[-1] == "PaymentDisputed"
    await shop.double.decide(dispute, outcome)
    await asked(shop, order_id)
    assert (await events_of(order_id))[-1] == "PaymentDisputeClosed"
    assert [kind for kind, _ in await movements_of(order_id)][-1] == OUTCOMES[outcome]


async def test_the_provider_is_asked_again_while_a_dispute_is_open_and_no_longer(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    await shop.tell(await event_of(shop, order_id, "charge.dispute.created"))
    for _ in range(2):
        pause = await follows_in(order_id)
        assert pause
        assert 800 < pause < 1000
        await asked(shop, order_id)
    await shop.double.decide(dispute, "lost")
    await asked(shop, order_id)
    assert await follows_in(order_id) is None


async def test_a_later_time_for_evidence_is_told_once_and_an_old_one_never(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    created = await event_of(shop, order_id, "charge.dispute.created")
    assert await shop.tell(created) == ["APPLIED"]
    await shop.double.move_evidence(dispute, IN_A_MONTH)
    updated = await event_of(shop, order_id, "charge.dispute.updated")
    assert await shop.tell(updated) == ["ASKED"]
    await follow_all(shop.provider)
    assert await shop.tell({**created, "id": f"{created['id']}_late"}) == ["ASKED"]
    await follow_all(shop.provider)
    (opened,), (changed,) = await told_of(order_id, "PaymentDisputed"), await told_of(order_id, "PaymentDisputeChanged")
    assert changed["disputeId"] == opened["disputeId"]
    assert changed["evidenceDueAt"] != opened["evidenceDueAt"]
    assert len(await movements_of(order_id)) == len(["AUTHORIZATION", "CAPTURE", "DISPUTE_OPENED", "FEE"])


async def test_a_time_for_evidence_that_moved_is_found_without_any_webhook(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    await asked(shop, order_id)
    await shop.double.move_evidence(dispute, IN_A_MONTH)
    await asked(shop, order_id)
    await asked(shop, order_id)
    assert len(await told_of(order_id, "PaymentDisputeChanged")) == 1


async def test_another_decision_is_asked_about_and_what_the_provider_has_stays(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    await shop.double.decide(dispute, "won")
    closed = await event_of(shop, order_id, "charge.dispute.closed")
    assert await shop.tell(closed) == ["APPLIED"]
    lost = {**closed, "id": f"{closed['id']}_other", "data": {"object": {**closed["data"]["object"], "status": "lost"}}}
    assert await shop.tell(lost) == ["ASKED"]
    await follow_all(shop.provider)
    assert (await events_of(order_id))[-2:] == ["PaymentDisputed", "PaymentDisputeClosed"]


@pytest.mark.parametrize("is_told", [True, False])
async def test_a_bank_that_only_asks_moves_no_money_until_it_takes_it(shop: DoubledShop, is_told: bool) -> None:
    order_id = await captured(shop.provider)
    inquiry = await shop.double.dispute(await shop.reference(order_id), inquiry=True)
    if is_told:
        assert await shop.tell(await event_of(shop, order_id, "charge.dispute.created")) == ["IGNORED"]
    await asked(shop, order_id)
    assert await events_of(order_id) == ["PaymentAuthorized", "PaymentCaptured"]
    await shop.double.decide(inquiry, "escalated")
    if is_told:
        assert await shop.tell(await event_of(shop, order_id, "charge.dispute.updated")) == ["APPLIED"]
    else:
        await asked(shop, order_id)
    assert (await events_of(order_id))[-1] == "PaymentDisputed"


async def test_two_disputes_of_one_payment_are_booked_each(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    for amount in (500, 600):
        await shop.double.dispute(await shop.reference(order_id), amount=amount)
    await asked(shop, order_id)
    assert [told["amountMinor"] for told in await told_of(order_id, "PaymentDisputed")] in ([500, 600], [600, 500])
    with pytest.raises(FailedPrecondition, match=r"Only 8\.90 EUR"):
        await refund_payment(order_id, 891, "key", shop.providers)


async def test_the_rest_is_what_no_bank_has(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id), amount=1500)
    given = await refund_remaining(order_id, "rest", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (490, 490)
    assert (await events_of(order_id))[-2:] == ["PaymentDisputed", "PaymentRefunded"]
    await shop.double.decide(dispute, "won")
    given = await refund_remaining(order_id, "rest after the dispute", shop.providers)
    assert (given.amount_minor, given.refunded_minor) == (1500, 1990)
    assert (await shop.books(order_id))["refunded"] == 1990


async def test_nothing_is_left_of_what_a_bank_has_wholly(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    dispute = await shop.double.dispute(await shop.reference(order_id))
    assert (await refund_remaining(order_id, "rest", shop.providers)).amount_minor == 0
    await shop.double.decide(dispute, "lost")
    assert (await refund_remaining(order_id, "rest again", shop.providers)).amount_minor == 0


async def test_a_refund_that_is_rejected_since_a_bank_has_the_money_learns_of_that(shop: DoubledShop) -> None:
    order_id = await captured(shop.provider)
    await shop.double.dispute(await shop.reference(order_id))
    with pytest.raises(FailedPrecondition, match="by its word charge_disputed"):
        await refund_payment(order_id, 500, "key", shop.providers)
    assert (await events_of(order_id))[-1] == "PaymentDisputed"
