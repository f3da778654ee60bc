"""Guests buy without an account: what their order's token opens, and what it does not."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from schema.proto.mercato.payments.v1.payments_pb2 import AuthorizeRequest
from shared.ids import new_id
from tests.integration.orders.peers import DECLINED_CARD
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.integration.orders.test_catalogue_events import send
from tests.subgraphs import eventually


@dataclass(frozen=True)
class Placed:
    """A guest's order, and its guest with the token."""

    guest: Buyer
    order_id: str
    payload: JsonObject


def new_email() -> str:
    return f"{uuid4().hex}@example.com"


async def placed(shop: Shop, **changes: Any) -> Placed:
    """A guest's new order."""
    guest = shop.guest()
    changes = {"email": new_email(), **changes}
    payload = await guest.place(await guest.filled_cart(await shop.variant()), **changes)
    assert payload["errors"] == []
    return Placed(replace(guest, order_token=payload["orderToken"]), payload["order"]["id"], payload)


async def test_a_guest_buys_with_an_address_alone_and_sees_the_order_by_its_token(shop: Shop) -> None:
    bought = await placed(shop, email="grace@example.com")
    confirmed = await bought.guest.becomes(bought.order_id, "CONFIRMED")
    assert (confirmed["email"], confirmed["customer"]) == ("grace@example.com", None)
    by_token = await bought.guest.ask("{ guestOrder { id availableActions { action by } } }")
    actions = [{"action": "CANCEL", "by": "BUYER"}]
    assert by_token["guestOrder"] == {"id": bought.order_id, "availableActions": actions}
    expires_at = datetime.fromisoformat(bought.payload["orderTokenExpiresAt"])
    assert timedelta(days=89) < expires_at - datetime.now(UTC) <= timedelta(days=90)


async def test_an_account_gets_no_order_token(shop: Shop) -> None:
    buyer = shop.buyer()
    payload = await buyer.place(await buyer.filled_cart(await shop.variant()))
    assert (payload["orderToken"], payload["orderTokenExpiresAt"]) == (None, None)


async def test_a_guests_key_that_is_sent_again_answers_with_the_same_order_and_token(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.filled_cart(await shop.variant())
    answers = await asyncio.gather(*(guest.place(cart_id, "the-same-key", email="one@example.com") for _ in range(5)))
    assert len({(each["order"]["id"], each["orderToken"], each["orderTokenExpiresAt"]) for each in answers}) == 1
    assert answers[0]["orderToken"]
    other_key = await guest.place(cart_id, "another-key")
    assert [error["code"] for error in other_key["errors"]] == ["CART_ALREADY_ORDERED"]
    assert (other_key["order"], other_key["orderToken"]) == (None, None)
    changed = await guest.checkout(cart_id, "the-same-key", email="eve@example.com")
    assert changed["errors"][0]["extensions"]["code"] == "CONFLICT"


async def test_keys_of_two_guests_never_meet(shop: Shop) -> None:
    variant = await shop.variant()
    guests = [shop.guest(), shop.guest()]
    orders = [await guest.place(await guest.filled_cart(variant), "a-common-key") for guest in guests]
    assert [order["errors"] for order in orders] == [[], []]
    assert orders[0]["orderToken"] != orders[1]["orderToken"]


async def test_whoever_reads_the_database_finds_no_token_and_no_way_to_be_told_one(shop: Shop) -> None:
    guest, key = shop.guest(), f"key-{uuid4()}"
    payload = await guest.place(await guest.filled_cart(await shop.variant()), key)
    tables = await shop.catalogue.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        rows = await shop.catalogue.fetch(f"SELECT t::text FROM {table} AS t")
        assert not [row for row in rows if payload["orderToken"] in row[0] or key in row[0]], table


async def test_no_token_but_its_own_opens_an_order_and_all_others_are_answered_as_for_no_order(shop: Shop) -> None:
    bought, other = await placed(shop), await placed(shop)
    token = bought.payload["orderToken"]
    altered = [f"{token[:place]}{'B' if token[place] == 'A' else 'A'}{token[place + 1 :]}" for place in (2, 20)]
    strangers = [other.payload["orderToken"], *altered, token[:-1], f"{token}A", "x", "~" * 50, "A" * 5000]
    for presented in strangers:
        stranger = replace(bought.guest, order_token=presented)
        answers = [await _all_of(stranger, order_id) for order_id in (bought.order_id, str(new_id()))]
        assert answers[0] == answers[1], presented
        assert answers[0][0] is None
    assert await bought.guest.order(bought.order_id)


async def _all_of(guest: Buyer, order_id: str) -> list[Any]:
    """What somebody is answered who asks for an order, to cancel it, and to pay it."""
    cancelled = await guest.act("orderCancel", {"orderId": order_id})
    paid = await guest.act("orderPay", {"orderId": order_id, "paymentMethodId": "pm_card_visa"})
    return [await guest.order(order_id), cancelled, paid]


async def test_without_any_token_one_is_asked_to_log_in(shop: Shop) -> None:
    bought = await placed(shop)
    nobody = shop.guest()
    answer = await shop.orders.graphql("query ($id: ID!) { order(id: $id) { id } }", {"id": bought.order_id})
    assert (answer["data"], answer["errors"][0]["extensions"]["code"]) == ({"order": None}, "UNAUTHENTICATED")
    for mutation, more in (("orderCancel", {}), ("orderPay", {"paymentMethodId": "pm_card_visa"})):
        answer = await nobody.act(mutation, {"orderId": bought.order_id, **more})
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert (await nobody.ask("{ guestOrder { id } }"))["guestOrder"] is None


async def test_an_expired_token_opens_nothing(shop: Shop) -> None:
    bought = await placed(shop)
    await shop.catalogue.execute(
        "UPDATE orders SET token_expires_at = now() - interval '1 second' WHERE id = $1", UUID(bought.order_id)
    )
    assert await bought.guest.order(bought.order_id) is None
    answer = await bought.guest.act("orderCancel", {"orderId": bought.order_id})
    assert answer["data"]["it"]["errors"][0]["code"] == "ORDER_NOT_FOUND"


async def test_a_token_opens_nothing_of_staffs_and_no_other_list(shop: Shop) -> None:
    bought = await placed(shop)
    for query, path in (
        ("query ($id: ID!) { order(id: $id) { id attention } }", ["order", "attention"]),
        ("query ($id: ID!) { order(id: $id) { id } orders { nodes { id } } }", ["orders"]),
        (
            "query ($id: ID!) { order(id: $id) { id } ordersNeedingAttention { nodes { id } } }",
            ["ordersNeedingAttention"],
        ),
        ("query ($id: ID!) { order(id: $id) { id } myCart { id } }", ["myCart"]),
    ):
        answer = await shop.orders.graphql(query, {"id": bought.order_id}, order_token=bought.guest.order_token)
        assert [error["path"] for error in answer["errors"]] == [path]
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    for mutation, more in (("orderRetry", {}), ("orderRefund", {"reason": "mine"})):
        refused = await bought.guest.act(mutation, {"orderId": bought.order_id, **more})
        assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_guest_cancels_the_order(shop: Shop) -> None:
    bought = await placed(shop)
    await bought.guest.becomes(bought.order_id, "CONFIRMED")
    key = str(uuid4())
    for _ in range(2):
        await bought.guest.done("orderCancel", {"orderId": bought.order_id, "reason": "too late"}, key=key)
    await bought.guest.becomes(bought.order_id, "CANCELLED")
    seen = await bought.guest.asked(bought.order_id, "cancellation { code } history { to actor reason }")
    assert seen["cancellation"] == {"code": "BUYER_REQUEST"}
    assert {"to": "CANCELLING", "actor": "BUYER", "reason": "too late"} in seen["history"]


async def test_a_guest_pays_again_after_a_decline_with_the_same_token(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.filled_cart(await shop.variant())
    payload = await guest.place(cart_id, paymentMethodId=DECLINED_CARD)
    guest, order_id = replace(guest, order_token=payload["orderToken"]), payload["order"]["id"]
    await guest.becomes(order_id, "CANCELLED")
    cart = await guest.cart(cart_id)
    assert cart is not None
    assert not cart["isOrdered"]
    await guest.done("orderPay", {"orderId": order_id, "paymentMethodId": "pm_card_visa"})
    await guest.becomes(order_id, "CONFIRMED")
    asked = [shop.payments.requests[f"{order_id}:{key}"] for key in ("authorize", "authorize:2")]
    assert len({request.customer_id for request in asked if isinstance(request, AuthorizeRequest)}) == 1


async def test_a_guests_cart_becomes_the_accounts_when_they_log_in(shop: Shop) -> None:
    guest, buyer, variant = shop.guest(), shop.buyer(), await shop.variant()
    own_id, cart_id = await buyer.filled_cart(variant), await guest.filled_cart(variant, quantity=2)
    document = 'mutation ($id: ID!) { cartMerge(input: {cartId: $id}, idempotencyKey: "merge") { cart { id } } }'
    merged = await buyer.ask(document, {"id": cart_id})
    assert merged["cartMerge"]["cart"]["id"] == own_id
    cart = await buyer.cart(own_id)
    assert cart is not None
    assert cart["totalQuantity"] == 3
    gone = await guest.place(cart_id)
    assert [error["code"] for error in gone["errors"]] == ["CART_NOT_FOUND"]
    of_account = await guest.place(own_id)
    assert [error["code"] for error in of_account["errors"]] == ["CART_NOT_FOUND"]


async def test_who_proves_to_have_the_address_finds_the_guests_orders_and_nobody_elses(shop: Shop) -> None:
    email, buyer, other = new_email(), shop.buyer(), shop.buyer()
    mine = [await placed(shop, email=written) for written in (email, email.upper())]
    of_another_account = await other.placed(await shop.variant(), email=email)
    strangers = await placed(shop, email=f"x{email}")
    assert buyer.id is not None
    event = {"userId": str(buyer.id), "email": email.title(), "occurredAt": "2026-11-22T18:00:00+00:00"}
    for _ in range(2):
        await send(shop, "users.user.v1", buyer.id, "mercato.users.EmailVerified", event)

    async def found() -> list[str] | None:
        data = await shop.orders.entities(
            "User", [str(buyer.id)], "{ orders { nodes { id customer { id } } } }", buyer.token
        )
        nodes = data["data"]["_entities"][0]["orders"]["nodes"]
        assert {node["customer"]["id"] for node in nodes} <= {str(buyer.id)}
        return [node["id"] for node in nodes] if len(nodes) == len(mine) else None

    ids = await eventually(found, "the guest's orders are in the account")
    assert sorted(ids) == sorted(bought.order_id for bought in mine)
    assert await buyer.order(of_another_account) is None
    assert await buyer.order(strangers.order_id) is None
    assert await mine[0].guest.order(mine[0].order_id), "the link of the mail still leads there"


async def test_guests_order_ten_times_an_hour_for_one_address_at_most_however_many_ask_at_once(shop: Shop) -> None:
    email, variant, guest = new_email(), await shop.variant(), shop.guest()
    carts = [await guest.filled_cart(variant) for _ in range(13)]
    written = [email, email.upper()]
    payloads = await asyncio.gather(*(guest.place(cart, email=written[i % 2]) for i, cart in enumerate(carts)))
    refused = [[(error["code"], error["field"]) for error in each["errors"]] for each in payloads if not each["order"]]
    assert refused == [[("TOO_MANY_ORDERS", ["email"])]] * 3
    buyer = shop.buyer()
    assert (await buyer.place(await buyer.filled_cart(variant), email=email))["errors"] == []
    assert (await guest.place(carts[0], email=new_email()))["errors"]
