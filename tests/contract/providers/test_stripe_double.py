"""The double does what Stripe documents: idempotency keys, test cards, paging, disputes, webhooks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import stripe

from tests.contract.providers.receiver import Receiver
from tests.doubles.running import Double, double_of_stripe
from tests.subgraphs import eventually
from tilt.embedded.backends.localstripe import API_KEY

SECRET = "whsec_of_the_tests"
INTENTS = "/v1/payment_intents"
HELD = {
    "amount": "1990",
    "currency": "eur",
    "payment_method": "pm_card_visa",
    "capture_method": "manual",
    "confirm": "true",
}


@pytest_asyncio.fixture(scope="module")
async def webhook() -> AsyncIterator[Receiver]:
    async with Receiver().listening() as receiver:
        yield receiver


@pytest_asyncio.fixture(scope="module")
async def running(webhook: Receiver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Double]:
    folder: Path = tmp_path_factory.mktemp("stripe-double")
    double = await double_of_stripe(folder, webhook.url, SECRET)
    yield double
    await double.stop()


@pytest_asyncio.fixture
async def double(running: Double) -> AsyncIterator[Double]:
    yield running
    await running.reset()


@pytest_asyncio.fixture
async def api(double: Double) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=double.url, headers={"authorization": f"Bearer {API_KEY}"}, timeout=30
    ) as client:
        yield client


async def post(
    api: httpx.AsyncClient, path: str, form: dict[str, str] | None = None, key: str | None = None
) -> httpx.Response:
    return await api.post(path, data=form, headers={"idempotency-key": key} if key else {})


async def intent(api: httpx.AsyncClient, **changes: str) -> dict[str, Any]:
    created: dict[str, Any] = (await post(api, INTENTS, {**HELD, **changes})).json()
    return created


async def test_a_key_replays_status_and_body(api: httpx.AsyncClient) -> None:
    key = str(uuid4())
    first, second = [await post(api, INTENTS, HELD, key) for _ in range(2)]
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")


async def test_a_key_replays_a_decline(api: httpx.AsyncClient) -> None:
    key, form = str(uuid4()), {**HELD, "payment_method": "pm_card_chargeDeclined"}
    first, second = [await post(api, INTENTS, form, key) for _ in range(2)]
    assert (first.status_code, second.status_code) == (402, 402)
    assert second.content == first.content


@pytest.mark.parametrize("path", [INTENTS, "/v1/customers"])
async def test_a_key_with_another_request_is_rejected(api: httpx.AsyncClient, path: str) -> None:
    key = str(uuid4())
    await post(api, INTENTS, HELD, key)
    rejected = await post(api, path, {**HELD, "amount": "1991"}, key)
    assert (rejected.status_code, rejected.json()["error"]["type"]) == (400, "idempotency_error")


async def test_a_key_at_work_is_rejected(double: Double, api: httpx.AsyncClient) -> None:
    key = str(uuid4())
    await double.on_requests("delay", INTENTS, when="during", seconds=0.3)
    answers = await asyncio.gather(*(post(api, INTENTS, HELD, key) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (rejected,) = [answer for answer in answers if answer.status_code == 409]
    assert rejected.json()["error"]["code"] == "idempotency_key_in_use"


async def test_a_key_whose_parameters_were_rejected_can_be_used_again(api: httpx.AsyncClient) -> None:
    key = str(uuid4())
    assert (await post(api, INTENTS, {"amount": "x", "currency": "eur"}, key)).status_code == 400
    assert (await post(api, INTENTS, HELD, key)).status_code == 200


@pytest.mark.parametrize("when", ["during", "after"])
async def test_a_failure_of_the_work_is_what_its_key_answers(double: Double, api: httpx.AsyncClient, when: str) -> None:
    key = str(uuid4())
    await double.on_requests("fail", INTENTS, when=when)
    answers = [await post(api, INTENTS, HELD, key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [500, 500]


@pytest.mark.parametrize(
    ("form", "param", "code"),
    [
        ({"currency": "eur"}, "amount", "parameter_missing"),
        ({"amount": "-5", "currency": "eur"}, "amount", "parameter_invalid_integer"),
        ({"amount": "1990"}, "currency", "parameter_missing"),
        ({"amount": "10", "currency": "eur"}, "amount", "amount_too_small"),
        ({"amount": "1990", "currency": "zzz"}, "currency", "parameter_invalid"),
        (
            {"amount": "550", "currency": "isk", "payment_method": "pm_card_visa", "confirm": "true"},
            "amount",
            "parameter_invalid_integer",
        ),
        (
            {"amount": "5124", "currency": "kwd", "payment_method": "pm_card_visa", "confirm": "true"},
            "amount",
            "parameter_invalid_integer",
        ),
        ({"amount": "1990", "currency": "eur", "colour": "red"}, "colour", "parameter_unknown"),
        ({"amount": "1990", "currency": "eur", "payment_method": "pm_none"}, "payment_method", "resource_missing"),
    ],
)
async def test_bad_parameters_are_named(api: httpx.AsyncClient, form: dict[str, str], param: str, code: str) -> None:
    rejected = await post(api, INTENTS, form)
    error = rejected.json()["error"]
    assert (rejected.status_code, error["param"], error["code"]) == (400, param, code)


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
async def test_test_cards_are_declined_as_documented(
    api: httpx.AsyncClient, card: str, code: str, decline_code: str
) -> None:
    rejected = await post(api, INTENTS, {**HELD, "payment_method": card})
    error = rejected.json()["error"]
    assert (rejected.status_code, error["code"], error["decline_code"]) == (402, code, decline_code)
    assert error["payment_intent"]["status"] == "requires_payment_method"


async def test_a_buyer_who_is_away_can_not_be_asked(api: httpx.AsyncClient) -> None:
    form = {**HELD, "payment_method": "pm_card_authenticationRequired", "off_session": "true"}
    assert (await post(api, INTENTS, form)).json()["error"]["code"] == "authentication_required"


async def test_a_card_without_a_customer_is_used_once(api: httpx.AsyncClient) -> None:
    first = await intent(api)
    again = await post(api, INTENTS, {**HELD, "payment_method": first["payment_method"]})
    assert again.status_code == 400
    assert "may not be used again" in again.json()["error"]["message"]


async def test_a_customers_card_is_used_again_and_by_nobody_else(api: httpx.AsyncClient) -> None:
    customer = (await post(api, "/v1/customers", {"email": "ada@example.com"})).json()["id"]
    card = (await post(api, "/v1/payment_methods/pm_card_visa/attach", {"customer": customer})).json()["id"]
    for _ in range(2):
        assert (await intent(api, payment_method=card, customer=customer))["status"] == "requires_capture"
    assert "error" in await intent(api, payment_method=card)
    listed = (await api.get(f"/v1/customers/{customer}/payment_methods")).json()["data"]
    assert [each["id"] for each in listed] == [card]


async def test_a_cancelled_hold_shows_as_a_refund_as_at_stripe(double: Double, api: httpx.AsyncClient) -> None:
    held = await intent(api)
    cancelled = (await post(api, f"{INTENTS}/{held['id']}/cancel", {"expand[0]": "latest_charge"})).json()
    charge = cancelled["latest_charge"]
    assert (charge["amount_refunded"], charge["amount_captured"], charge["captured"]) == (1990, 0, False)
    payment = await double.payment(held["id"])
    assert (payment["held"], payment["refunded"], payment["counts"]["release"]) == (0, 0, 1)


async def test_fees_and_disputes_are_in_the_books(double: Double, api: httpx.AsyncClient) -> None:
    held = await intent(api)
    await post(api, f"{INTENTS}/{held['id']}/capture")
    dispute = await double.dispute(held["id"])
    assert (await double.payment(held["id"]))["disputed"] == 1990
    rejected = await post(api, "/v1/refunds", {"payment_intent": held["id"]})
    assert rejected.json()["error"]["code"] == "charge_disputed"
    await double.decide(dispute, "won")
    payment = await double.payment(held["id"])
    assert (payment["disputed"], payment["fees"]) == (0, 55 + 2000)


async def test_lists_are_paged_without_a_gap(api: httpx.AsyncClient) -> None:
    made = [(await intent(api))["id"] for _ in range(5)]
    seen: list[str] = []
    after: dict[str, str] = {}
    more = True
    while more and len(seen) < 6:
        page = (await api.get(INTENTS, params={"limit": 2, **after})).json()
        seen += [each["id"] for each in page["data"]]
        more, after = page["has_more"], {"starting_after": seen[-1]}
    assert seen[:5] == made[::-1]


async def test_events_are_signed_as_the_sdk_verifies(webhook: Receiver, api: httpx.AsyncClient) -> None:
    held = await intent(api)
    await webhook.types(1, held["id"])
    header, body = webhook.signatures[-1]
    assert stripe.WebhookSignature.verify_header(body.decode(), header, SECRET, 300)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(body.decode(), header, "whsec_other", 300)


async def test_an_event_is_sent_until_it_is_taken(webhook: Receiver, api: httpx.AsyncClient) -> None:
    webhook.rejections = 2
    held = await intent(api)
    await webhook.types(3, held["id"])
    ids = [event["id"] for event in webhook.came if event["data"]["object"]["id"] == held["id"]]
    assert len(set(ids)) == 1


async def test_events_come_twice_shuffled_or_never_when_told(
    double: Double, webhook: Receiver, api: httpx.AsyncClient
) -> None:
    await double.on_webhooks("duplicate", "payment_intent.*", copies=3, times=None)
    await double.on_webhooks("lose", "payment_intent.canceled", times=None)
    await double.on_webhooks("shuffle", "payment_intent.*", times=None, seconds=60, seed=4)
    held = await intent(api)
    await post(api, f"{INTENTS}/{held['id']}/capture")
    lost = await intent(api)
    await post(api, f"{INTENTS}/{lost['id']}/cancel")
    assert [event for event in webhook.came if event["data"]["object"]["id"] == held["id"]] == []
    await double.release()
    types = await webhook.types(6, held["id"])
    assert sorted(set(types)) == ["payment_intent.amount_capturable_updated", "payment_intent.succeeded"]
    assert types != sorted(types)
    assert {each["is_lost"] for each in await double.deliveries() if each["type"] == "payment_intent.canceled"} == {
        True
    }
    assert await webhook.types(3, lost["id"]) == ["payment_intent.amount_capturable_updated"] * 3


async def test_a_late_event_comes_later(double: Double, webhook: Receiver, api: httpx.AsyncClient) -> None:
    await double.on_webhooks("delay", "payment_intent.amount_capturable_updated", seconds=0.4)
    held = await intent(api)
    await post(api, f"{INTENTS}/{held['id']}/capture")
    types = await webhook.types(2, held["id"])
    assert types[-1] == "payment_intent.amount_capturable_updated"


async def test_what_came_is_noted(double: Double, api: httpx.AsyncClient) -> None:
    await double.on_requests("drop", INTENTS, method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        await intent(api)
    (noted,) = await double.requests()
    assert (noted["method"], noted["path"], noted["met"]) == ("POST", INTENTS, "drop before")
    assert "amount=1990" in noted["body"]


async def test_a_rule_that_is_not_understood_is_rejected(double: Double) -> None:
    with pytest.raises(AssertionError, match="explode"):
        await double.on_requests("explode")


async def test_a_hold_that_lapses_is_cancelled(double: Double, api: httpx.AsyncClient) -> None:
    held = await intent(api)
    await double.expire(held["id"])
    rejected = await post(api, f"{INTENTS}/{held['id']}/capture")
    assert rejected.json()["error"]["code"] == "payment_intent_unexpected_state"


async def test_deliveries_can_be_followed(double: Double, api: httpx.AsyncClient) -> None:
    await intent(api)

    async def all_taken() -> bool:
        deliveries = await double.deliveries()
        return bool(deliveries) and all(each["status"] == 200 or each["is_lost"] for each in deliveries)

    assert await eventually(all_taken, "all events are taken")
