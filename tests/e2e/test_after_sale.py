"""What comes after an order was placed: cancelled, shipped, delivered, refunded.

All goes through the router, and all books agree.
"""

import secrets
from dataclasses import replace
from typing import Any

import httpx

from tests.command_line import token
from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import ERRORS, Shopper, offers, register
from tests.integration.router.processes import Router
from tests.reconciliation import assert_reconciled
from tests.subgraphs import eventually

pytestmark = SESSION_MESH

SCOPES = "orders:read orders:cancel orders:refund orders:retry orders:ship inventory:read inventory:write payments:read"
CANCEL = f"""mutation ($input: OrderCancelInput!, $key: String!) {{
  orderCancel(input: $input, idempotencyKey: $key) {{ order {{ id status }} {ERRORS} }} }}"""
REFUND = f"""mutation ($input: OrderRefundInput!, $key: String!) {{
  orderRefund(input: $input, idempotencyKey: $key) {{ refund {{ id status amount {{ amount }} }} {ERRORS} }} }}"""
SHIP = f"""mutation ($input: ShipmentCreateInput!, $key: String!) {{
  shipmentCreate(input: $input, idempotencyKey: $key) {{ shipment {{ id status }} order {{ status }} {ERRORS} }} }}"""
DELIVER = f"""mutation ($input: ShipmentDeliverInput!, $key: String!) {{
  shipmentDeliver(input: $input, idempotencyKey: $key) {{ shipment {{ id status }} order {{ status }} {ERRORS} }} }}"""
AFTER_SALE = """query ($id: ID!) { order(id: $id) { id number status refunded { amount } total { amount }
  cancellation { code } availableActions { action by shipmentId }
  refunds { status source amount { amount } reason restock lines { lineId quantity } }
  shipments { status carrier trackingCode lines { lineId quantity } } history { from to reason actor }
  lines { id quantity shippedQuantity refundedQuantity variant { id stock { available } } }
  payments { status transactions { kind amount { amount } } } } }"""


async def staff_of(router: Router, mesh: Mesh) -> Shopper:
    """Somebody with an account and all scopes, as a developer makes one."""
    somebody = await register(router)
    return replace(somebody, token=await token(mesh.environment, somebody.email, SCOPES))


async def bought(shopper: Shopper, *lines: tuple[str, int]) -> dict[str, Any]:
    placed = await shopper.place((await shopper.cart_with(*lines))["id"])
    assert (await shopper.settled(placed["order"]["id"]))["status"] == "CONFIRMED"
    return await seen(shopper, placed["order"]["id"])


async def seen(shopper: Shopper, order_id: str) -> dict[str, Any]:
    order: dict[str, Any] = (await shopper.ask(AFTER_SALE, id=order_id))["order"]
    return order


async def become(shopper: Shopper, order_id: str, status: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        order = await seen(shopper, order_id)
        return order if order["status"] == status else None

    return await eventually(look, f"the order is {status}")


async def done(shopper: Shopper, document: str, **given: Any) -> dict[str, Any]:
    payload = await shopper.mutate(document, input=given, key=secrets.token_hex(16))
    assert payload["errors"] == []
    return payload


async def subjects(mesh: Mesh, shopper: Shopper, number: str, at_least: int) -> list[str]:
    async def look() -> list[str] | None:
        async with httpx.AsyncClient(base_url=mesh.environment["MAILBOX_URL"]) as http:
            mails = (await http.get("/messages", params={"to": shopper.email})).json()
        found = [mail["subject"] for mail in mails if number in mail["subject"]]
        return found if len(found) >= at_least else None

    return await eventually(look, f"{at_least} mails about {number}")


async def test_a_buyer_cancels_a_paid_order_and_has_the_money_back(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    offer, *_ = await offers(router)
    order = await bought(shopper, (offer["id"], 2))
    payload = await done(shopper, CANCEL, orderId=order["id"], reason="changed my mind")
    assert payload["order"]["status"] in ("CANCELLING", "CANCELLED")
    order = await become(shopper, order["id"], "CANCELLED")
    assert order["cancellation"] == {"code": "BUYER_REQUEST"}
    assert order["availableActions"] == []
    assert [(refund["source"], refund["amount"]) for refund in order["refunds"]] == [("CANCELLATION", order["total"])]
    (payment,) = order["payments"]
    assert [each["kind"] for each in payment["transactions"]] == ["AUTHORIZATION", "CAPTURE", "REFUND"]
    assert [(move["to"], move["actor"]) for move in order["history"]][-2:] == [
        ("CANCELLING", "BUYER"),
        ("CANCELLED", "SHOP"),
    ]
    assert len(await subjects(mesh, shopper, order["number"], 2)) == 2
    await assert_reconciled(mesh.environment)


async def test_staff_ship_an_order_in_two_shipments_and_deliver_them(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    first, second, *_ = await offers(router)
    staff = await staff_of(router, mesh)
    order = await bought(shopper, (first["id"], 1), (second["id"], 2))
    one = {"orderId": order["id"], "carrier": "DHL", "lines": [{"lineId": order["lines"][0]["id"], "quantity": 1}]}
    sent = await done(staff, SHIP, **one, trackingCode="00340434161094042557")
    assert sent["order"]["status"] == "PARTIALLY_SHIPPED"
    staffs = (await seen(staff, order["id"]))["availableActions"]
    assert {(each["action"], each["by"], each["shipmentId"]) for each in staffs} == {
        ("SHIP", "STAFF", None),
        ("REFUND", "STAFF", None),
        ("DELIVER", "STAFF", sent["shipment"]["id"]),
    }
    assert (await seen(shopper, order["id"]))["availableActions"] == []
    rest = await done(staff, SHIP, orderId=order["id"], carrier="DHL")
    assert rest["order"]["status"] == "SHIPPED"
    for shipment in (sent, rest):
        await done(staff, DELIVER, shipmentId=shipment["shipment"]["id"])
    order = await seen(shopper, order["id"])
    assert order["status"] == "DELIVERED"
    assert [line["shippedQuantity"] for line in order["lines"]] == [1, 2]
    assert [shipment["trackingCode"] for shipment in order["shipments"]] == ["00340434161094042557", None]
    late = await shopper.mutate(CANCEL, input={"orderId": order["id"]}, key=secrets.token_hex(16))
    assert late["errors"][0]["code"] == "WRONG_STATUS"
    assert "DELIVERED" in late["errors"][0]["message"]
    assert len(await subjects(mesh, shopper, order["number"], 5)) == 5
    await assert_reconciled(mesh.environment)


async def test_staff_refund_a_line_and_put_it_back_into_stock(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    staff = await staff_of(router, mesh)
    order = await bought(shopper, (offer["id"], 3))
    line = order["lines"][0]
    half = {
        "orderId": order["id"],
        "lines": [{"lineId": line["id"], "quantity": 1}],
        "restock": True,
        "reason": "a scratch",
    }
    await done(staff, REFUND, **half)

    async def refunded() -> dict[str, Any] | None:
        found = await seen(shopper, order["id"])
        is_done = [refund["status"] for refund in found["refunds"]] == ["DONE"]
        return found if is_done and found["availableActions"] else None  # the unit is back in stock, too

    order = await eventually(refunded, "the refund is done, and over")
    assert order["status"] == "CONFIRMED"
    assert order["availableActions"] == [{"action": "CANCEL", "by": "BUYER", "shipmentId": None}]
    assert order["lines"][0]["refundedQuantity"] == 1
    assert order["refunded"] == order["refunds"][0]["amount"]
    too_much = await staff.mutate(
        REFUND, input={**half, "lines": [{"lineId": line["id"], "quantity": 3}]}, key="too much"
    )
    assert too_much["errors"][0]["code"] == "EXCEEDS_REMAINING"
    await done(staff, REFUND, orderId=order["id"], reason="the rest")
    order = await become(shopper, order["id"], "REFUNDED")
    assert order["refunded"] == order["total"]
    assert len(await subjects(mesh, shopper, order["number"], 3)) == 3
    await assert_reconciled(mesh.environment)


async def test_only_staff_ship_and_refund_and_strangers_find_nothing(router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    order = await bought(shopper, (offer["id"], 1))
    for document, given in (
        (SHIP, {"orderId": order["id"], "carrier": "DHL"}),
        (REFUND, {"orderId": order["id"], "reason": "mine"}),
    ):
        answer = await router.ask(document, shopper.token, input=given, key="mine")
        assert not (answer.get("data") or {}).get("it")
        assert answer["errors"]
    stranger = await register(router)
    refused = await stranger.mutate(CANCEL, input={"orderId": order["id"]}, key=secrets.token_hex(16))
    assert [error["code"] for error in refused["errors"]] == ["ORDER_NOT_FOUND"]
    hidden = await router.ask("query ($id: ID!) { order(id: $id) { id attention } }", shopper.token, id=order["id"])
    assert hidden["data"]["order"] == {"id": order["id"], "attention": None}
