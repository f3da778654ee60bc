"""Buying something, through the router."""

import asyncio
import os
import sys
from typing import Any

import httpx

from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import ADDRESS, DECLINED_CARD, GOOD_CARD, PLACE, Shopper, offers, register
from tests.integration.router.processes import Router
from tests.subgraphs import eventually

pytestmark = SESSION_MESH

ADDRESS_FORM = """query ($country: String!) {
  addressForm(country: $country) { country fields { name label isRequired choices { code name } examples } }
}"""
ADDRESSES = """query ($id: ID!) { order(id: $id) {
  shippingAddress { recipient company line1 postalCode city countryArea country }
  billingAddress { recipient company line1 postalCode city countryArea country }
} }"""
PAYABLE = """query ($id: ID!) {
  order(id: $id) { availableActions { action by } }
  myCarts { nodes { id isOrdered total { amount currency } } }
}"""


async def test_a_purchase_is_confirmed_charged_once_and_announced_by_mail(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    first, second, *_ = await offers(router)
    cart = await shopper.cart_with((first["id"], 1), (second["id"], 2))
    placed = await shopper.place(cart["id"])
    # The order is read for the answer after it was placed: on a busy machine the saga may have gone on meanwhile.
    assert placed["order"]["status"] in {"PENDING", "CONFIRMED"}
    order = await shopper.settled(placed["order"]["id"])
    assert order["status"] == "CONFIRMED"
    assert order["total"] == cart["total"]
    (payment,) = order["payments"]
    assert [transaction["kind"] for transaction in payment["transactions"]] == ["AUTHORIZATION", "CAPTURE"]
    assert payment["amount"]["amount"] == order["total"]["amount"]

    assert len(await confirmations(mesh, shopper, order["number"])) == 1


async def confirmations(mesh: Mesh, shopper: Shopper, number: str) -> list[dict[str, Any]]:
    """The mails that tell a shopper of an order, once there is one."""

    async def look() -> list[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=mesh.environment["MAILBOX_URL"]) as http:
            listed = (await http.get("/messages", params={"to": shopper.email})).json()
            found = [mail["id"] for mail in listed if number in mail["subject"]]
            return [(await http.get(f"/messages/{mail_id}")).json() for mail_id in found]

    return await eventually(look, "the confirmation arrives")


async def test_an_order_is_shipped_to_one_address_and_billed_to_another(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    (form,) = (await router.ask(ADDRESS_FORM, None, country="us"))["data"].values()
    (area,) = [field for field in form["fields"] if field["name"] == "countryArea"]
    assert (area["label"], area["isRequired"]) == ("state", True)
    assert {"code": "CA", "name": "California"} in area["choices"]
    cart = await shopper.cart_with(((await offers(router))[0]["id"], 1))
    billing = {
        "recipient": "Charles Babbage",
        "company": "Engines Inc.",
        "line1": "1 Market Street",
        "postalCode": "94105",
        "city": "San Francisco",
        "countryArea": "california",
        "country": "us",
    }
    placed = await shopper.place(cart["id"], billingAddress=billing)
    assert placed["errors"] == []
    order = (await shopper.ask(ADDRESSES, id=placed["order"]["id"]))["order"]
    assert order["shippingAddress"] == {name: ADDRESS.get(name) for name in billing}
    assert order["billingAddress"] == {**billing, "country": "US", "countryArea": "CA"}
    (mail,) = await confirmations(mesh, shopper, placed["order"]["number"])
    text = "\n".join(mail["text"].splitlines())
    assert f"\nIt goes to:\n\n  {ADDRESS['recipient']}\n" in text
    assert "\nIts invoice goes to:\n\n  Charles Babbage\n  Engines Inc.\n  1 Market Street\n" in text


async def test_a_declined_card_charges_nobody_and_releases_the_stock(router: Router, shopper: Shopper) -> None:
    offer = (await offers(router))[-1]
    cart = await shopper.cart_with((offer["id"], 1))
    order = await shopper.settled((await shopper.place(cart["id"], DECLINED_CARD))["order"]["id"])
    assert order["status"] == "CANCELLED"
    assert order["cancellation"]["code"] == "PAYMENT_DECLINED"
    assert not [each for payment in order["payments"] for each in payment["transactions"] if each["kind"] == "CAPTURE"]

    async def released() -> bool:
        return bool((await offers(router))[-1]["stock"] == offer["stock"])

    await eventually(released, "the stock is released")


async def test_a_declined_order_leaves_its_cart_open_and_is_paid_with_another_card(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    order_id = (await shopper.place(cart["id"], DECLINED_CARD))["order"]["id"]
    assert (await shopper.settled(order_id))["status"] == "CANCELLED"
    state = await shopper.ask(PAYABLE, id=order_id)
    assert state["order"]["availableActions"] == [{"action": "PAY", "by": "BUYER"}]
    assert [(each["id"], each["isOrdered"], each["total"]) for each in state["myCarts"]["nodes"]] == [
        (cart["id"], False, cart["total"])
    ]
    payloads = await asyncio.gather(*(shopper.pay(order_id, key="the-same-key") for _ in range(3)))
    assert [payload["errors"] for payload in payloads] == [[]] * 3
    order = await shopper.settled(order_id)
    assert (order["status"], order["total"], order["cancellation"]) == ("CONFIRMED", cart["total"], None)
    assert [payment["status"] for payment in order["payments"]] == ["DECLINED", "CAPTURED"]
    assert (await shopper.ask(PAYABLE, id=order_id))["myCarts"]["nodes"] == []
    assert [error["code"] for error in (await shopper.pay(order_id))["errors"]] == ["WRONG_STATUS"]

    async def mails() -> list[str] | None:
        async with httpx.AsyncClient(base_url=mesh.environment["MAILBOX_URL"]) as http:
            found = [mail["subject"] for mail in (await http.get("/messages", params={"to": shopper.email})).json()]
        subjects = [subject for subject in found if order["number"] in subject]
        return sorted(subjects) if len(subjects) >= 2 else None

    number = order["number"]
    assert await eventually(mails, "both mails arrive") == [
        f"Your order {number} is confirmed",
        f"Your order {number} was cancelled",
    ]


async def test_a_checkout_sent_twice_at_once_with_one_key_is_one_order_and_one_charge(
    router: Router, shopper: Shopper
) -> None:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    payloads = await asyncio.gather(*(shopper.place(cart["id"], key="the-same-key") for _ in range(10)))
    assert len({payload["order"]["id"] for payload in payloads}) == 1
    order = await shopper.settled(payloads[0]["order"]["id"])
    assert [each["kind"] for payment in order["payments"] for each in payment["transactions"]] == [
        "AUTHORIZATION",
        "CAPTURE",
    ]


async def test_one_key_with_another_body_is_a_conflict(router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    first, second = await shopper.cart_with((offer["id"], 1)), await shopper.cart_with((offer["id"], 1))
    await shopper.place(first["id"], key="one-key")
    given = {
        "cartId": second["id"],
        "email": shopper.email,
        "shippingAddress": {"recipient": "A", "line1": "B", "postalCode": "10827", "city": "C", "country": "DE"},
    }
    answer = await router.ask(PLACE, shopper.token, input={**given, "paymentMethodId": GOOD_CARD}, key="one-key")
    assert answer["errors"][0]["extensions"]["code"] == "CONFLICT"


async def test_a_buyer_can_have_nothing_of_another_buyer(router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    order_id = (await shopper.place(cart["id"]))["order"]["id"]
    stranger = await register(router)
    seen = await stranger.ask(
        "query ($cart: ID!, $order: ID!) { cart(id: $cart) { id } order(id: $order) { id } }",
        cart=cart["id"],
        order=order_id,
    )
    assert seen == {"cart": None, "order": None}
    assert (await stranger.place(cart["id"]))["errors"][0]["code"] == "CART_NOT_FOUND"


async def test_the_users_own_orders_and_messages_hang_on_me(router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    order = await shopper.settled((await shopper.place(cart["id"]))["order"]["id"])

    async def announced() -> dict[str, object] | None:
        me: dict[str, object] = (
            await shopper.ask(
                "{ me { email orders { nodes { number status } } notifications { nodes { kind sentAt } } } }"
            )
        )["me"]
        return me if "ORDER_CONFIRMED" in str(me) else None

    me = await eventually(announced, "the message is listed")
    assert me["orders"] == {"nodes": [{"number": order["number"], "status": "CONFIRMED"}]}


async def test_the_demonstration_passes_twice_in_a_row(mesh: Mesh, router: Router) -> None:
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tilt.embedded.demo"),
            env={
                **os.environ,
                **mesh.environment,
                "MERCATO_SUBGRAPH_COMMAND": f"{sys.executable} -m subgraphs.{{name}}",
            },
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
