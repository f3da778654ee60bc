"""Placing orders: every mistake is named and changes nothing, and a repetition is no second order."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.contracts import assert_payload_matches
from tests.integration.orders.shop import ADDRESS, Shop
from tests.subgraphs import OF_ANOTHER_SHAPE

CONFIRMED = "mercato.orders.OrderConfirmed"


async def test_an_order_freezes_names_and_prices_and_adds_up_exactly(shop: Shop) -> None:
    buyer = shop.buyer()
    shirt, bowl = (
        await shop.variant(price=1999, title="Linen Shirt, Blue / L"),
        await shop.variant(price=5, title="Bowl"),
    )
    cart_id = await buyer.filled_cart(shirt, quantity=3)
    await buyer.add(cart_id, bowl, quantity=7)
    address = {**ADDRESS, "line2": " ", "postalCode": " n1 9gu ", "country": "gb"}
    order = (await buyer.place(cart_id, email=" ada@example.com ", shippingAddress=address))["order"]
    await shop.catalogue.execute("UPDATE variants SET title = 'Renamed', price_minor = 1 WHERE id = $1", shirt)
    later = await buyer.order(order["id"])
    assert later is not None
    assert (later["lines"], later["total"]) == (order["lines"], order["total"])
    assert order["total"] == {"amount": "60.32", "currency": "EUR"}
    assert [(line["title"], line["total"]["amount"]) for line in order["lines"]] == [
        ("Linen Shirt, Blue / L", "59.97"),
        ("Bowl", "0.35"),
    ]
    assert order["email"] == "ada@example.com"
    assert order["shippingAddress"] == {
        "recipient": "Ada Lovelace",
        "line1": "1 Analytical Way",
        "line2": None,
        "postalCode": "N1 9GU",
        "city": "London",
        "country": "GB",
        "phone": None,
        "countryArea": None,
        "company": None,
    }
    assert order["billingAddress"] == order["shippingAddress"]
    assert order["customer"] == {"id": str(buyer.id)}
    assert (await buyer.cart(cart_id) or {})["isOrdered"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"email": ""}, "INVALID", ["email"]),
        ({"email": "ada"}, "INVALID", ["email"]),
        ({"email": "ada@example"}, "INVALID", ["email"]),
        ({"email": "ada@example.com\nbcc: everybody@example.com"}, "INVALID", ["email"]),
        ({"email": f"{'a' * 250}@example.com"}, "INVALID", ["email"]),
        ({"paymentMethodId": " "}, "INVALID", ["paymentMethodId"]),
        ({"paymentMethodId": "p" * 256}, "INVALID", ["paymentMethodId"]),
        ({"paymentMethodId": "pm card"}, "INVALID", ["paymentMethodId"]),
        ({"paymentMethodId": "pm_ä"}, "INVALID", ["paymentMethodId"]),
        ({"paymentMethodId": "pm_\x00"}, "INVALID", ["paymentMethodId"]),
        ({"shippingAddress": {**ADDRESS, "country": ""}}, "INVALID", ["shippingAddress", "country"]),
        ({"shippingAddress": {**ADDRESS, "country": "XX"}}, "INVALID", ["shippingAddress", "country"]),
        ({"shippingAddress": {**ADDRESS, "country": "Germany"}}, "INVALID", ["shippingAddress", "country"]),
        ({"shippingAddress": {**ADDRESS, "recipient": "\t"}}, "INVALID", ["shippingAddress", "recipient"]),
        ({"shippingAddress": {**ADDRESS, "line1": "x" * 201}}, "INVALID", ["shippingAddress", "line1"]),
        ({"shippingAddress": {**ADDRESS, "city": ""}}, "INVALID", ["shippingAddress", "city"]),
        ({"shippingAddress": {**ADDRESS, "phone": "0" * 41}}, "INVALID", ["shippingAddress", "phone"]),
        ({"shippingAddress": {**ADDRESS, "postalCode": ""}}, "INVALID", ["shippingAddress", "postalCode"]),
        (
            {"shippingAddress": {**ADDRESS, "country": "CO", "postalCode": None}},
            "INVALID",
            ["shippingAddress", "countryArea"],
        ),
        ({"billingAddress": {**ADDRESS, "country": "DE"}}, "INVALID", ["billingAddress", "postalCode"]),
        ({"billingAddress": {**ADDRESS, "city": ""}}, "INVALID", ["billingAddress", "city"]),
        ({"cartId": str(uuid4())}, "CART_NOT_FOUND", ["cartId"]),
        ({"cartId": "no id"}, "CART_NOT_FOUND", ["cartId"]),
    ],
)
async def test_a_mistake_is_named_by_its_field_and_changes_nothing(
    shop: Shop, change: dict[str, Any], code: str, field: list[str]
) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    payload = await buyer.place(cart_id, **change)
    assert payload["order"] is None
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [(code, field)]
    await assert_nothing_ordered(shop, buyer.id, cart_id)


BILLING = {
    "recipient": "Charles Babbage",
    "company": "Engines Inc.",
    "line1": "1 Market Street",
    "postalCode": "94105",
    "city": "San Francisco",
    "country": "us",
}


async def test_an_order_keeps_its_billing_address_beside_the_shipping_one(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    order = (await buyer.place(cart_id, billingAddress=BILLING))["order"]
    kept = {**BILLING, "country": "US", "countryArea": "CA", "line2": None, "phone": None}
    assert order["billingAddress"] == kept
    assert order["shippingAddress"]["city"] == "London"
    later = await buyer.order(order["id"])
    assert later is not None
    assert later["billingAddress"] == kept


@pytest.mark.parametrize("changes", [{}, {"billingAddress": BILLING}])
async def test_a_confirmation_tells_where_parcel_and_invoice_go(shop: Shop, changes: dict[str, Any]) -> None:
    buyer = shop.buyer()
    address = {**ADDRESS, "phone": "+44 20 7946 0000"}
    order_id = await buyer.placed(await shop.variant(), shippingAddress=address, **changes)
    await buyer.becomes(order_id, "CONFIRMED")
    stored = await shop.catalogue.fetchval(
        "SELECT payload FROM outbox WHERE key = $1 AND type = $2", order_id, CONFIRMED
    )
    told = orjson.loads(stored)
    assert_payload_matches(CONFIRMED, told)
    shipping = {**dict.fromkeys(("line2", "countryArea", "company")), **ADDRESS}
    assert told["shippingAddress"] == shipping
    other = {**BILLING, "country": "US", "countryArea": "CA", "line2": None}
    assert told["billingAddress"] == (other if changes else shipping)


async def test_an_order_of_before_is_read_whatever_its_address_lacks(shop: Shop) -> None:
    buyer = shop.buyer()
    order = (await buyer.place(await buyer.filled_cart(await shop.variant())))["order"]
    await shop.catalogue.execute("UPDATE orders SET postal_code = NULL WHERE id = $1", order["id"])
    later = await buyer.order(order["id"])
    assert later is not None
    assert later["shippingAddress"] == later["billingAddress"] == {**order["shippingAddress"], "postalCode": None}


async def assert_nothing_ordered(shop: Shop, buyer_id: object, cart_id: str) -> None:
    assert await shop.catalogue.fetchval("SELECT count(*) FROM orders WHERE customer_id = $1", buyer_id) == 0
    assert await shop.catalogue.fetchval("SELECT count(*) FROM idempotency WHERE scope LIKE $1", f"%{buyer_id}") == 0
    assert await shop.catalogue.fetchval("SELECT ordered_at FROM carts WHERE id = $1", cart_id) is None


async def test_all_mistakes_are_named_at_once(shop: Shop) -> None:
    buyer = shop.buyer()
    payload = await buyer.place("x", email="", paymentMethodId="", shippingAddress={**ADDRESS, "country": ""})
    fields = [error["field"] for error in payload["errors"]]
    assert fields == [["cartId"], ["email"], ["shippingAddress", "country"], ["paymentMethodId"]]


@pytest.mark.parametrize(
    "change",
    [
        {"price": "0.01"},
        {"email": None},
        {"shippingAddress": {name: ADDRESS[name] for name in ("recipient", "line1", "city")}},
    ],
)
async def test_a_price_of_the_clients_and_a_missing_field_are_no_valid_input(
    shop: Shop, change: dict[str, Any]
) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    answer = await buyer.checkout(cart_id, **change)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [OF_ANOTHER_SHAPE]
    await assert_nothing_ordered(shop, buyer.id, cart_id)


async def test_an_empty_cart_cannot_be_ordered(shop: Shop) -> None:
    buyer = shop.buyer()
    payload = await buyer.place(await buyer.new_cart())
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("CART_EMPTY", ["cartId"])]


async def test_more_than_a_card_can_pay_cannot_be_ordered(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant(price=50_000_000), quantity=2)
    (problem,) = (await buyer.ask("query ($id: ID!) { cart(id: $id) { problems { code message } } }", {"id": cart_id}))[
        "cart"
    ]["problems"]
    payload = await buyer.place(cart_id)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["cartId"])]
    assert "999999.99 EUR" in payload["errors"][0]["message"]
    assert problem == {"code": "TOTAL_TOO_LARGE", "message": payload["errors"][0]["message"]}
    await assert_nothing_ordered(shop, buyer.id, cart_id)


async def test_a_line_with_problems_is_named_by_its_index(shop: Shop) -> None:
    buyer = shop.buyer()
    good, gone, dearer, scarce = [await shop.variant(title=title) for title in ("Good", "Gone", "Dearer", "Scarce")]
    cart_id = await buyer.filled_cart(good, gone, dearer, scarce, quantity=2)
    await shop.catalogue.execute("UPDATE variants SET is_sold = false WHERE id = $1", gone)
    await shop.catalogue.execute("UPDATE variants SET price_minor = 2090 WHERE id = $1", dearer)
    await shop.known_stock(scarce, 1)
    payload = await buyer.place(cart_id)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("LINE_HAS_PROBLEMS", ["cartId", "lines", index]) for index in "123"
    ]
    assert [error["message"] for error in payload["errors"]] == [
        "Gone is no longer sold; remove it.",
        "Dearer costs 20.90 EUR now instead of 19.90 EUR; set its quantity again to agree.",
        "Only 1 of Scarce can be had; lower the quantity.",
    ]
    await assert_nothing_ordered(shop, buyer.id, cart_id)


async def test_a_line_that_follows_later_is_told_and_can_be_ordered(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    await shop.known_stock(variant, 0)
    await shop.catalogue.execute("UPDATE known_stock SET is_backorder_allowed = true WHERE variant_id = $1", variant)
    cart_id = await buyer.filled_cart(variant)
    assert [problem["code"] for problem in (await buyer.cart(cart_id) or {})["lines"][0]["problems"]] == ["BACKORDERED"]
    assert (await buyer.place(cart_id))["errors"] == []


async def test_fifty_calls_with_one_key_place_one_order(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant(stock=5)
    cart_id, key = await buyer.filled_cart(variant), str(uuid4())
    placed = await shop.orders.metric("mercato_orders_placed_total")
    payloads = await asyncio.gather(*(buyer.place(cart_id, key) for _ in range(50)))
    assert len({payload["order"]["id"] for payload in payloads}) == 1
    assert await shop.orders.metric("mercato_orders_placed_total") == placed + 1
    order = await buyer.ended(payloads[0]["order"]["id"])
    assert order["status"] == "CONFIRMED"
    assert await shop.stock(variant) == (4, 0)
    assert shop.payments.effects[order["id"], "captured"] == 1


async def test_a_replay_answers_with_the_order_as_it_is_now(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id, key = await buyer.filled_cart(await shop.variant()), str(uuid4())
    order = await buyer.ended((await buyer.place(cart_id, key))["order"]["id"])
    again = await buyer.place(cart_id, key)
    assert (again["order"], again["errors"]) == (order, [])


async def test_the_same_key_with_another_input_is_a_conflict(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id, key = await buyer.filled_cart(await shop.variant()), str(uuid4())
    await buyer.place(cart_id, key)
    answer = await buyer.checkout(cart_id, key, email="grace@example.com")
    assert answer["errors"][0]["extensions"] == {"code": "CONFLICT", "field": ["idempotencyKey"]}


async def test_the_same_key_of_two_buyers_is_two_orders(shop: Shop) -> None:
    variant, key = await shop.variant(), str(uuid4())
    first, second = shop.buyer(), shop.buyer()
    one = await first.place(await first.filled_cart(variant), key)
    two = await second.place(await second.filled_cart(variant), key)
    assert one["order"]["id"] != two["order"]["id"]


async def test_a_key_whose_checkout_failed_can_be_used_again(shop: Shop) -> None:
    buyer, key = shop.buyer(), str(uuid4())
    cart_id = await buyer.new_cart()
    assert (await buyer.place(cart_id, key))["order"] is None
    await buyer.add(cart_id, await shop.variant())
    assert (await buyer.place(cart_id, key))["errors"] == []


@pytest.mark.parametrize("key", ["", "k" * 201])
async def test_a_key_of_no_or_too_many_characters_is_refused(shop: Shop, key: str) -> None:
    buyer = shop.buyer()
    answer = await buyer.shop.orders.graphql(
        "mutation ($input: CheckoutPlaceOrderInput!, $key: String!)"
        " { checkoutPlaceOrder(input: $input, idempotencyKey: $key) { order { id } } }",
        {
            "input": {
                "cartId": await buyer.filled_cart(await shop.variant()),
                "email": "ada@example.com",
                "shippingAddress": ADDRESS,
                "paymentMethodId": "pm_card_visa",
            },
            "key": key,
        },
        buyer.token,
    )
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["idempotencyKey"]}


async def test_a_cart_ordered_with_many_keys_at_once_is_one_order(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    payloads = await asyncio.gather(*(buyer.place(cart_id) for _ in range(20)))
    assert sum(payload["order"] is not None for payload in payloads) == 1
    refusals = [payload["errors"] for payload in payloads if payload["order"] is None]
    assert {(error["code"], *error["field"]) for (error,) in refusals} == {("CART_ALREADY_ORDERED", "cartId")}


async def test_somebody_elses_cart_cannot_be_ordered(shop: Shop) -> None:
    cart_id = await shop.buyer().filled_cart(await shop.variant())
    payload = await shop.buyer().place(cart_id)
    assert [error["code"] for error in payload["errors"]] == ["CART_NOT_FOUND"]


async def test_an_order_number_can_be_read_out(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    numbers = [(await buyer.place(await buyer.filled_cart(variant)))["order"]["number"] for _ in range(3)]
    assert len(set(numbers)) == 3
    for number in numbers:
        letter, *groups = number.split("-")
        assert letter == "M"
        assert [len(group) for group in groups] == [4, 4]
        assert set("".join(groups)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
