"""Cards that users keep, by the mutations that clients send, at the double of Stripe."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import pytest_asyncio

from shared.ids import new_id
from tests.backends import Backends
from tests.doubles.running import Double
from tests.identity import Issuer
from tests.integration.payments.elsewhere import own_ports
from tests.integration.payments.test_payments_process import Caller
from tests.subgraphs import OF_ANOTHER_SHAPE, Running, fresh_environment, running
from tilt.embedded.backends.localstripe import API_KEY

CARD = "id brand lastDigits expiresMonth expiresYear isDefault provider"
ADD = f"""mutation ($input: PaymentMethodAddInput!, $key: String!) {{
  answer: paymentMethodAdd(input: $input, idempotencyKey: $key) {{
    paymentMethod {{ {CARD} }} errors {{ code message field }}
  }}
}}"""
REMOVE = """mutation ($input: PaymentMethodRemoveInput!) {
  answer: paymentMethodRemove(input: $input) { removedId errors { code message field } }
}"""
SET_DEFAULT = f"""mutation ($input: PaymentMethodSetDefaultInput!) {{
  answer: paymentMethodSetDefault(input: $input) {{ paymentMethod {{ {CARD} }} errors {{ code message field }} }}
}}"""


@dataclass
class Buyer:
    """A user with a token."""

    process: Running
    issuer: Issuer
    id: UUID = field(default_factory=new_id)

    async def ask(self, mutation: str, **variables: Any) -> dict[str, Any]:
        return await self.process.graphql(mutation, variables, self.issuer.token(self.id))

    async def change(self, mutation: str, **variables: Any) -> dict[str, Any]:
        """A mutation's payload."""
        answer = await self.ask(mutation, **variables)
        assert "errors" not in answer, answer
        payload: dict[str, Any] = answer["data"]["answer"]
        return payload

    async def add(self, method: str = "pm_card_visa", key: str = "", **more: Any) -> dict[str, Any]:
        return await self.change(ADD, input={"paymentMethodId": method, **more}, key=key or str(uuid4()))

    async def added(self, method: str = "pm_card_visa", **more: Any) -> dict[str, Any]:
        """A card that was kept."""
        payload = await self.add(method, **more)
        assert payload["errors"] == []
        card: dict[str, Any] = payload["paymentMethod"]
        return card

    async def cards(self) -> list[dict[str, Any]]:
        """The user's cards as they see them."""
        answer = await self.process.entities(
            "User", [str(self.id)], f"{{ paymentMethods {{ {CARD} }} }}", self.issuer.token(self.id)
        )
        cards: list[dict[str, Any]] = answer["data"]["_entities"][0]["paymentMethods"]
        return cards


@pytest_asyncio.fixture(name="shop", scope="module")
async def shop_at_double(backends: Backends, issuer: Issuer, running_double: Double) -> AsyncIterator[Running]:
    environment = await fresh_environment(backends, "payments", "kafka") | {
        "JWKS_URL": issuer.jwks_url,
        "STRIPE_API_BASE": running_double.url,
        **own_ports(),
    }
    async with running("payments", environment) as process:
        yield process


@pytest.fixture(name="buyer")
def new_buyer(shop: Running, issuer: Issuer) -> Buyer:
    return Buyer(shop, issuer)


async def test_the_first_card_is_the_default_and_shows_what_people_know_it_by(buyer: Buyer) -> None:
    card = await buyer.added()
    assert {**card, "id": ""} == {
        "id": "",
        "provider": "stripe",
        "brand": "visa",
        "lastDigits": "4242",
        "expiresMonth": 12,
        "expiresYear": 2034,
        "isDefault": True,
    }
    assert await buyer.cards() == [card]


async def test_cards_are_listed_with_the_default_first_and_then_the_latest(
    buyer: Buyer, running_double: Double
) -> None:
    first, second, third = (
        await buyer.added(),
        await buyer.added("pm_card_mastercard"),
        await buyer.added("pm_card_amex"),
    )
    assert [card["id"] for card in await buyer.cards()] == [first["id"], third["id"], second["id"]]
    chosen = await buyer.change(SET_DEFAULT, input={"id": second["id"]})
    assert chosen["paymentMethod"]["isDefault"]
    assert [card["id"] for card in await buyer.cards()] == [second["id"], third["id"], first["id"]]
    wanted = await buyer.added(await a_card(running_double), makeDefault=True)
    assert [card["isDefault"] for card in await buyer.cards()] == [True, False, False, False]
    assert (await buyer.cards())[0]["id"] == wanted["id"]


async def test_a_removed_default_leaves_the_latest_as_default(buyer: Buyer) -> None:
    first, _, third = await buyer.added(), await buyer.added("pm_card_amex"), await buyer.added("pm_card_mastercard")
    assert (await buyer.change(REMOVE, input={"id": first["id"]}))["removedId"] == first["id"]
    assert (await buyer.cards())[0] == {**third, "isDefault": True}
    again = await buyer.change(REMOVE, input={"id": first["id"]})
    assert [(error["code"], error["field"]) for error in again["errors"]] == [("PAYMENT_METHOD_NOT_FOUND", ["id"])]


async def test_one_key_keeps_one_card_whoever_asks_at_once(buyer: Buyer) -> None:
    answers = await asyncio.gather(*(buyer.add(key="the same") for _ in range(5)))
    assert len({answer["paymentMethod"]["id"] for answer in answers}) == 1
    assert len(await buyer.cards()) == 1
    answer = await buyer.ask(ADD, input={"paymentMethodId": "pm_card_amex"}, key="the same")
    assert answer["errors"][0]["extensions"]["code"] == "CONFLICT"


async def test_a_card_that_is_kept_already_stays_one(buyer: Buyer, running_double: Double) -> None:
    await buyer.added()
    reference = await reference_of_latest(running_double)
    assert (await buyer.added(reference))["id"] == (await buyer.cards())[0]["id"]
    assert len(await buyer.cards()) == 1


async def reference_of_latest(double: Double) -> str:
    """The provider's id of the card that was kept last."""
    attached = [request for request in await double.requests() if request["path"].endswith("/attach")][-1]
    async with httpx.AsyncClient(base_url=double.url, auth=(API_KEY, "")) as api:
        parameters = {"customer": attached["body"].partition("customer=")[2], "limit": "1"}
        listed = (await api.get("/v1/payment_methods", params=parameters)).raise_for_status().json()
    return str(listed["data"][0]["id"])


async def a_card(double: Double, number: str = "", month: int = 12, year: int = 2034) -> str:
    """The provider's id of a card as its script in a browser makes it:
    of a number that nobody has used, unless one is given.
    """
    card = {"number": number or new_number(), "exp_month": str(month), "exp_year": str(year)}
    form = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
    async with httpx.AsyncClient(base_url=double.url, auth=(API_KEY, "")) as api:
        reference: str = (await api.post("/v1/payment_methods", data=form)).raise_for_status().json()["id"]
        return reference


def new_number() -> str:
    """Fifteen digits and the one that checks them."""
    digits = f"4{uuid4().int % 10**14:014d}"
    doubled = [int(digit) * 2 for digit in digits[::-2]]
    total = sum(int(digit) for digit in digits[-2::-2]) + sum(each - 9 if each > 9 else each for each in doubled)
    return f"{digits}{-total % 10}"


async def attached(double: Double, customer: str) -> list[str]:
    """The provider's ids of a customer's cards."""
    async with httpx.AsyncClient(base_url=double.url, auth=(API_KEY, "")) as api:
        listed = (await api.get(f"/v1/customers/{customer}/payment_methods")).raise_for_status().json()
        return [method["id"] for method in listed["data"]]


async def test_a_number_is_kept_once_and_expires_when_its_latest_card_does(
    buyer: Buyer, shop: Running, running_double: Double
) -> None:
    number = new_number()
    first = await buyer.added(await a_card(running_double, number, 1, 2027))
    other = await buyer.added()
    again = await buyer.added(await a_card(running_double, number, 5, 2031), makeDefault=True)
    assert again == {**first, "expiresMonth": 5, "expiresYear": 2031, "isDefault": True}
    assert [card["id"] for card in await buyer.cards()] == [first["id"], other["id"]]
    customer = await customer_of_latest(running_double)
    assert len(await attached(running_double, customer)) == 2
    paid = await Caller(shop).authorize(new_id(), customer_id=str(buyer.id), payment_method_id=first["id"])
    assert paid.WhichOneof("outcome") == "authorized"


async def customer_of_latest(double: Double) -> str:
    """The customer for whom a card was kept last."""
    bodies = [request["body"] for request in await double.requests() if request["path"].endswith("/attach")]
    return str(bodies[-1].partition("customer=")[2])


async def test_a_number_that_comes_eight_times_at_once_is_kept_once(buyer: Buyer, running_double: Double) -> None:
    number = new_number()
    cards = [await a_card(running_double, number) for _ in range(8)]
    payloads = await asyncio.gather(*(buyer.add(card) for card in cards))
    assert {payload["paymentMethod"]["id"] for payload in payloads} == {card["id"] for card in await buyer.cards()}
    assert len(await buyer.cards()) == 1
    assert len(await attached(running_double, await customer_of_latest(running_double))) == 1


async def test_two_users_may_keep_one_number(
    buyer: Buyer, shop: Running, issuer: Issuer, running_double: Double
) -> None:
    number, partner = new_number(), Buyer(shop, issuer)
    mine, theirs = (
        await buyer.added(await a_card(running_double, number)),
        await partner.added(await a_card(running_double, number)),
    )
    assert mine["id"] != theirs["id"]
    assert (len(await buyer.cards()), len(await partner.cards())) == (1, 1)


async def test_cards_that_were_kept_twice_before_fingerprints_were_stay(buyer: Buyer, shop: Running) -> None:
    await buyer.added()
    connection = await asyncpg.connect(shop.environment["PAYMENTS_DATABASE_URL"])
    await connection.execute("UPDATE saved_methods SET fingerprint = NULL WHERE user_id = $1", buyer.id)
    await connection.close()
    second = await buyer.added()
    assert len(await buyer.cards()) == 2
    assert (await buyer.added())["id"] == second["id"]
    assert len(await buyer.cards()) == 2


async def test_a_number_that_is_kept_already_needs_no_room(buyer: Buyer, running_double: Double) -> None:
    number = new_number()
    first = await buyer.added(await a_card(running_double, number))
    for _ in range(19):
        await buyer.added(await a_card(running_double))
    assert (await buyer.added(await a_card(running_double, number)))["id"] == first["id"]


async def test_at_most_twenty_are_kept_however_many_come_at_once(buyer: Buyer, running_double: Double) -> None:
    cards = [await a_card(running_double) for _ in range(24)]
    payloads = await asyncio.gather(*(buyer.add(card) for card in cards))
    rejected = [payload["errors"][0] for payload in payloads if payload["errors"]]
    assert len(await buyer.cards()) == 20
    assert [(error["code"], error["field"]) for error in rejected] == [
        ("TOO_MANY_PAYMENT_METHODS", ["paymentMethodId"])
    ] * 4
    assert "remove one" in rejected[0]["message"]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("", "INVALID"),
        (" ", "INVALID"),
        ("pm card", "INVALID"),
        ("p" * 256, "INVALID"),
        ("pm_ü", "INVALID"),
        ("pm_unknown", "PAYMENT_METHOD_REFUSED"),
        ("../customers", "PAYMENT_METHOD_REFUSED"),
        ("pm_card_chargeDeclined", "PAYMENT_METHOD_REFUSED"),
    ],
)
async def test_a_card_that_cant_be_kept_is_rejected_by_field(buyer: Buyer, method: str, code: str) -> None:
    payload = await buyer.add(method)
    assert payload["paymentMethod"] is None
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [(code, ["paymentMethodId"])]
    assert payload["errors"][0]["message"].endswith(".")
    assert await buyer.cards() == []


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({}, OF_ANOTHER_SHAPE),
        ({"paymentMethodId": None}, OF_ANOTHER_SHAPE),
        ({"paymentMethodId": 1.5}, "BAD_USER_INPUT"),
        ({"paymentMethodId": "p", "x": 1}, OF_ANOTHER_SHAPE),
    ],
)
async def test_an_input_of_another_shape_is_rejected_before_anything_happens(
    buyer: Buyer, sent: dict[str, Any], code: str
) -> None:
    answer = await buyer.ask(ADD, input=sent, key="key")
    assert answer["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("key", ["", "k" * 201, "\n"])
async def test_a_malformed_key_is_rejected_by_name(buyer: Buyer, key: str) -> None:
    answer = await buyer.ask(ADD, input={"paymentMethodId": "pm_card_visa"}, key=key)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert answer["errors"][0]["extensions"]["field"] == ["idempotencyKey"]
    assert await buyer.cards() == []


@pytest.mark.parametrize("mutation", [REMOVE, SET_DEFAULT])
async def test_somebody_elses_card_looks_like_none(buyer: Buyer, shop: Running, issuer: Issuer, mutation: str) -> None:
    card, stranger = await buyer.added(), Buyer(shop, issuer)
    for method_id in (card["id"], str(new_id()), "x", ""):
        payload = await stranger.change(mutation, input={"id": method_id})
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [
            ("PAYMENT_METHOD_NOT_FOUND", ["id"])
        ]
    assert len(await buyer.cards()) == 1
    answer = await shop.entities("User", [str(buyer.id)], "{ id paymentMethods { id } }", issuer.token(stranger.id))
    assert answer["data"]["_entities"] == [None]


@pytest.mark.parametrize("mutation", [ADD, REMOVE, SET_DEFAULT])
async def test_cards_need_a_token(shop: Running, mutation: str) -> None:
    sent = {"paymentMethodId": "pm_card_visa"} if mutation == ADD else {"id": str(new_id())}
    answer = await shop.graphql(mutation, {"input": sent, "key": "key"})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_provider_that_is_away_leaves_the_card_where_it_is(buyer: Buyer, running_double: Double) -> None:
    card = await buyer.added()
    await running_double.on_requests("drop", "/v1/payment_methods/*", method="POST")
    answer = await buyer.ask(REMOVE, input={"id": card["id"]})
    assert answer["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert await buyer.cards() == [card]
    assert (await buyer.change(REMOVE, input={"id": card["id"]}))["removedId"] == card["id"]
