"""What our localstripe does as Stripe does, and localstripe left alone does not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio

from tilt.embedded.backends import Localstripe
from tilt.embedded.backends.localstripe import API_KEY

INTENT = {
    "amount": "1990",
    "currency": "eur",
    "payment_method": "pm_card_visa",
    "capture_method": "manual",
    "confirm": "true",
}
DECLINED_CARD = {"type": "card", "card[number]": "4000000000000341", "card[exp_month]": "12", "card[exp_year]": "2030"}


@pytest_asyncio.fixture
async def stripe(localstripe: Localstripe) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=localstripe.url, auth=(API_KEY, ""), timeout=30) as client:
        yield client


async def post(
    stripe: httpx.AsyncClient, path: str, form: dict[str, str] | None = None, key: str | None = None
) -> httpx.Response:
    return await stripe.post(path, data=form, headers={"Idempotency-Key": key} if key else {})


async def held_intent(stripe: httpx.AsyncClient) -> str:
    intent: dict[str, Any] = (await post(stripe, "/v1/payment_intents", INTENT)).json()
    assert intent["status"] == "requires_capture"
    return str(intent["id"])


async def test_the_same_key_and_body_make_one_intent(stripe: httpx.AsyncClient) -> None:
    key = str(uuid4())
    first = await post(stripe, "/v1/payment_intents", INTENT, key)
    second = await post(stripe, "/v1/payment_intents", INTENT, key)
    assert second.status_code == 200
    assert second.json() == first.json()
    assert ("idempotent-replayed" in first.headers, second.headers["idempotent-replayed"]) == (False, "true")


async def test_many_at_once_with_one_key_make_one_intent(stripe: httpx.AsyncClient) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(post(stripe, "/v1/payment_intents", INTENT, key) for _ in range(10)))
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 200}) == 1


async def test_a_renewed_card_is_otherwise_the_same(stripe: httpx.AsyncClient) -> None:
    customer = (await post(stripe, "/v1/customers", {"email": "ada@example.com"})).json()["id"]
    card = (await post(stripe, "/v1/payment_methods/pm_card_visa/attach", {"customer": customer})).json()
    renewed = (
        await post(stripe, f"/v1/payment_methods/{card['id']}", {"card[exp_month]": "5", "card[exp_year]": "2041"})
    ).json()
    assert renewed["card"] == {**card["card"], "exp_month": 5, "exp_year": 2041}


async def test_a_decline_is_replayed(stripe: httpx.AsyncClient) -> None:
    card = (await post(stripe, "/v1/payment_methods", {**DECLINED_CARD, "card[cvc]": "123"})).json()["id"]
    key = str(uuid4())
    first, second = [
        await post(stripe, "/v1/payment_intents", {**INTENT, "payment_method": card}, key) for _ in range(2)
    ]
    assert (first.status_code, second.status_code) == (402, 402)
    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize("path", ["/v1/payment_intents", "/v1/customers"])
async def test_a_key_with_another_request_is_rejected(stripe: httpx.AsyncClient, path: str) -> None:
    key = str(uuid4())
    await post(stripe, "/v1/payment_intents", INTENT, key)
    other = await post(stripe, path, {**INTENT, "amount": "1"}, key)
    assert other.status_code == 400
    assert other.json()["error"]["type"] == "idempotency_error"


async def test_a_rejected_api_key_does_not_use_up_the_idempotency_key(
    localstripe: Localstripe, stripe: httpx.AsyncClient
) -> None:
    key = str(uuid4())
    async with httpx.AsyncClient(base_url=localstripe.url) as stranger:
        assert (await post(stranger, "/v1/payment_intents", INTENT, key)).status_code == 401
    assert (await post(stripe, "/v1/payment_intents", INTENT, key)).status_code == 200


async def test_what_was_cancelled_is_not_captured(stripe: httpx.AsyncClient) -> None:
    intent = await held_intent(stripe)
    await post(stripe, f"/v1/payment_intents/{intent}/cancel")
    rejected = await post(stripe, f"/v1/payment_intents/{intent}/capture")
    assert rejected.status_code == 400
    assert rejected.json()["error"]["code"] == "payment_intent_unexpected_state"
    assert (await stripe.get(f"/v1/payment_intents/{intent}")).json()["status"] == "canceled"


async def test_what_was_captured_is_not_captured_again(stripe: httpx.AsyncClient) -> None:
    intent = await held_intent(stripe)
    assert (await post(stripe, f"/v1/payment_intents/{intent}/capture")).json()["status"] == "succeeded"
    rejected = await post(stripe, f"/v1/payment_intents/{intent}/capture")
    assert rejected.json()["error"]["code"] == "payment_intent_unexpected_state"


@pytest.mark.parametrize(
    ("returned_before", "amount", "is_given"), [(0, 1990, True), (0, 1991, False), (1000, 991, False), (1990, 1, False)]
)
async def test_no_more_is_given_back_than_was_taken(
    stripe: httpx.AsyncClient, returned_before: int, amount: int, is_given: bool
) -> None:
    intent = await held_intent(stripe)
    await post(stripe, f"/v1/payment_intents/{intent}/capture")
    if returned_before:
        await post(stripe, "/v1/refunds", {"payment_intent": intent, "amount": str(returned_before)})
    answer = await post(stripe, "/v1/refunds", {"payment_intent": intent, "amount": str(amount)})
    assert answer.status_code == (200 if is_given else 400)


async def test_what_is_only_held_is_not_given_back(stripe: httpx.AsyncClient) -> None:
    rejected = await post(stripe, "/v1/refunds", {"payment_intent": await held_intent(stripe)})
    assert rejected.json()["error"]["code"] == "payment_intent_unexpected_state"


async def test_intents_are_listed_since_a_time(stripe: httpx.AsyncClient) -> None:
    intent = await held_intent(stripe)
    created = (await stripe.get(f"/v1/payment_intents/{intent}")).json()["created"]
    found = [await listed(stripe, since) for since in (created, created + 60)]
    assert [intent in each for each in found] == [True, False]


async def listed(stripe: httpx.AsyncClient, since: int) -> list[str]:
    answer = await stripe.get("/v1/payment_intents", params={"created[gte]": since, "limit": 100_000})
    return [each["id"] for each in answer.json()["data"]]
