"""A guest buys, sees, cancels and pays again without an account, through each router."""

import asyncio
import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

from shared.ids import new_id
from tests.e2e.mailbox import linked, mails_to
from tests.e2e.mesh import Mesh
from tests.e2e.shopper import ADD_LINES, ADDRESS, CREATE_CART, DECLINED_CARD, ERRORS, GOOD_CARD, PAY, offers, register
from tests.integration.router.processes import Router
from tests.subgraphs import eventually

PLACE = f"""mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {{
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) {{ order {{ id number status }} orderToken {ERRORS} }} }}"""
CANCEL = f"""mutation ($input: OrderCancelInput!, $key: String!) {{
  orderCancel(input: $input, idempotencyKey: $key) {{ order {{ id status }} {ERRORS} }} }}"""
PAGE = """query ($id: ID!) { order(id: $id) { id number status email customer { id } availableActions { action by }
  shipments { id } payments { status amount { amount } transactions { kind } } } }"""
VERIFY = f"mutation ($input: UserVerifyEmailInput!) {{ userVerifyEmail(input: $input) {{ {ERRORS} }} }}"
OWN_PAGE = "{ guestOrder { id payments { status } } }"


@dataclass(frozen=True)
class Guest:
    """Somebody without an account; ``token`` opens their order, once they have one."""

    router: Router
    email: str
    token: str | None = None
    order_id: str = ""

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data of an operation that must go well."""
        answer = await self.router.ask(query, order_token=self.token, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def buys(self, card: str = GOOD_CARD) -> "Guest":
        """The same with an order."""
        offer = (await offers(self.router))[0]
        cart_id = (await self.ask(CREATE_CART))["cartCreate"]["cart"]["id"]
        lines = [{"variantId": offer["id"], "quantity": 1}]
        await self.ask(ADD_LINES, input={"cartId": cart_id, "lines": lines})
        given = {"cartId": cart_id, "email": self.email, "shippingAddress": ADDRESS, "paymentMethodId": card}
        placed = (await self.ask(PLACE, input=given, key=secrets.token_hex(16)))["checkoutPlaceOrder"]
        assert placed["errors"] == []
        return replace(self, token=placed["orderToken"], order_id=placed["order"]["id"])

    async def becomes(self, status: str) -> dict[str, Any]:
        """The order's page, once it has this status."""

        async def look() -> dict[str, Any] | None:
            order: dict[str, Any] = (await self.ask(PAGE, id=self.order_id))["order"]
            return order if order["status"] == status else None

        return await eventually(look, f"the guest's order is {status}")


def guest(router: Router) -> Guest:
    return Guest(router, f"{secrets.token_hex(6)}@example.com")


async def test_a_guest_buys_and_the_mails_link_opens_the_order_and_cancels_it(mesh: Mesh, router: Router) -> None:
    buyer = await guest(router).buys()
    order = await buyer.becomes("CONFIRMED")
    assert (order["email"], order["customer"]) == (buyer.email, None)
    assert order["availableActions"] == [{"action": "CANCEL", "by": "BUYER"}]
    (payment,) = order["payments"]
    assert [each["kind"] for each in payment["transactions"]] == ["AUTHORIZATION", "CAPTURE"]
    (mail,) = await mails_to(mesh, buyer.email, f"{order['number']} is confirmed")
    linked = re.search(r"http://127\.0\.0\.1:3000/guest-order#([\w-]+)", mail["text"])
    assert linked is not None, mail["text"]
    assert linked[0] in mail["html"]
    reader = Guest(router, buyer.email, linked[1])
    assert (await reader.ask(OWN_PAGE))["guestOrder"] == {"id": buyer.order_id, "payments": [{"status": "CAPTURED"}]}
    cancelled = await reader.ask(CANCEL, input={"orderId": buyer.order_id}, key=secrets.token_hex(16))
    assert cancelled["orderCancel"]["errors"] == []
    assert (await buyer.becomes("CANCELLED"))["payments"][0]["status"] == "REFUNDED"


async def test_a_guest_pays_again_after_a_decline(router: Router) -> None:
    buyer = await guest(router).buys(DECLINED_CARD)
    assert (await buyer.becomes("CANCELLED"))["availableActions"] == [{"action": "PAY", "by": "BUYER"}]
    given = {"orderId": buyer.order_id, "paymentMethodId": GOOD_CARD}
    assert (await buyer.ask(PAY, input=given, key=secrets.token_hex(16)))["orderPay"]["errors"] == []
    order = await buyer.becomes("CONFIRMED")
    assert [payment["status"] for payment in order["payments"]] == ["DECLINED", "CAPTURED"]


async def test_equal_questions_of_two_guests_at_once_get_each_their_own_answer(router: Router) -> None:
    """Routers may ask a subgraph once for equal requests; these differ in their header alone."""
    one, other = await guest(router).buys(), await guest(router).buys()
    askers = [one, other, guest(router)] * 10
    answers = await asyncio.gather(*(asker.ask("{ guestOrder { id } }") for asker in askers))
    expected = [{"id": asker.order_id} if asker.order_id else None for asker in askers]
    assert [answer["guestOrder"] for answer in answers] == expected


async def test_a_token_opens_its_own_order_and_nothing_else(router: Router) -> None:
    one, other = await guest(router).buys(), await guest(router).buys()
    for order_id, token in ((one.order_id, other.token), (one.order_id, "x" * 50), (str(new_id()), one.token)):
        stranger = Guest(router, one.email, token, order_id)
        assert (await stranger.ask(PAGE, id=order_id))["order"] is None
        refused = await stranger.ask(CANCEL, input={"orderId": order_id}, key=secrets.token_hex(16))
        assert [error["code"] for error in refused["orderCancel"]["errors"]] == ["ORDER_NOT_FOUND"]
    for query in (
        "query ($id: ID!) { order(id: $id) { id notifications { subject } } }",
        "query ($id: ID!) { order(id: $id) { id attention } }",
        "query ($id: ID!) { order(id: $id) { id } me { id } }",
        "query ($id: ID!) { order(id: $id) { id } orders { nodes { id } } }",
    ):
        answer = await router.ask(query, order_token=one.token, id=one.order_id)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"UNAUTHENTICATED"}, query


async def test_a_proven_address_brings_a_guests_order_its_payments_and_mails_into_the_account(
    mesh: Mesh, router: Router
) -> None:
    shopper = await register(router)
    buyer = await Guest(router, shopper.email).buys()
    order = await buyer.becomes("CONFIRMED")
    await mails_to(mesh, shopper.email, order["number"])
    assert (await shopper.ask(PAGE, id=buyer.order_id))["order"] is None
    token = await linked(mesh, shopper.email, "Welcome", "verify-email")
    assert (await shopper.mutate(VERIFY, input={"token": token}))["errors"] == []
    document = "{ me { orders(filter: {statuses: [CONFIRMED]}) { nodes { id customer { id } payments { status }"
    document += " notifications { kind } } } } }"

    async def all_of_it() -> bool:
        nodes = (await shopper.ask(document))["me"]["orders"]["nodes"]
        return bool(nodes) and nodes == [
            {
                "id": buyer.order_id,
                "customer": {"id": shopper.user_id},
                "payments": [{"status": "CAPTURED"}],
                "notifications": [{"kind": "ORDER_CONFIRMED"}],
            }
        ]

    await eventually(all_of_it, "the order is in the account, with its payments and mails")
    assert (await buyer.ask(PAGE, id=buyer.order_id))["order"]["id"] == buyer.order_id
