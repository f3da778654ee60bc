"""An order of which a part is bought before it is there, through the router, to its end.

The mails are read, all books agree.
"""

import secrets
from typing import Any

import httpx

from tests.command_line import command
from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import ERRORS, Shopper, offers
from tests.e2e.test_after_sale import DELIVER, SHIP, done, staff_of
from tests.integration.router.processes import Router
from tests.reconciliation import assert_reconciled
from tests.subgraphs import eventually

pytestmark = SESSION_MESH

POLICY = f"""mutation ($input: StockSetPolicyInput!) {{
  stockSetPolicy(input: $input) {{ policy {{ backorder {{ waiting limit }} }} {ERRORS} }} }}"""
RECEIVE = f"""mutation ($input: StockReceiveInput!, $key: String!) {{
  stockReceive(input: $input, idempotencyKey: $key) {{ levels {{ available }} {ERRORS} }} }}"""
WAREHOUSES = "{ warehouses { id } }"
CART = "query ($id: ID!) { cart(id: $id) { lines { waitingQuantity expectedFrom problems { code message } } } }"
ORDER = """query ($id: ID!) { order(id: $id) { id number status
  lines { id quantity shippedQuantity waitingQuantity expectedFrom
    variant { stock { available orderable status } } } } }"""
DAY = "2999-12-01"


async def mails(mesh: Mesh, shopper: Shopper, number: str) -> dict[str, str]:
    """What was written to a shopper about an order: texts by their subjects."""
    async with httpx.AsyncClient(base_url=mesh.environment["MAILBOX_URL"]) as http:
        listed = (await http.get("/messages", params={"to": shopper.email})).json()
        found = [(await http.get(f"/messages/{mail['id']}")).json() for mail in listed if number in mail["subject"]]
    return {mail["subject"]: mail["text"] for mail in found}


async def mail(mesh: Mesh, shopper: Shopper, number: str, subject: str) -> str:
    """The text of a mail, once it was sent."""

    async def look() -> str | None:
        return (await mails(mesh, shopper, number)).get(subject.replace("NUMBER", number))

    return await eventually(look, f"a mail: {subject}")


async def stock_becomes(mesh: Mesh, variant_id: str, available: int) -> None:
    """Puts the stock of a variant to a number."""
    asked = ("set-stock", "--variant", variant_id, "--available", str(available))
    status, output = await command(mesh.environment, "inventory", *asked)
    assert status == 0, output


async def test_two_of_five_leave_at_once_and_three_when_they_have_come(
    mesh: Mesh, router: Router, shopper: Shopper
) -> None:
    *_, offer = await offers(router)
    staff, variant_id = await staff_of(router, mesh), offer["id"]
    await stock_becomes(mesh, variant_id, 2)
    rules = {"variantId": variant_id, "backorder": {"isAllowed": True, "limit": 3, "availableFrom": DAY}}
    assert (await staff.mutate(POLICY, input=rules))["errors"] == []
    cart = await shopper.cart_with((variant_id, 5))

    async def knows_the_rules() -> bool:
        (line,) = (await shopper.ask(CART, id=cart["id"]))["cart"]["lines"]
        return (line["waitingQuantity"], line["expectedFrom"]) == (3, DAY)

    await eventually(knows_the_rules, "the cart knows that three follow later")
    placed = await shopper.place(cart["id"])
    assert (await shopper.settled(placed["order"]["id"]))["status"] == "CONFIRMED"
    order = await seen(shopper, placed["order"]["id"])
    (line,) = order["lines"]
    assert (line["waitingQuantity"], line["expectedFrom"]) == (3, DAY)
    assert line["variant"]["stock"] == {"available": 0, "orderable": 0, "status": "OUT_OF_STOCK"}
    text = await mail(mesh, shopper, order["number"], "Your order NUMBER is confirmed")
    assert "3 x" in text.partition("This follows later")[2]
    assert "expected from 1 December 2999" in text
    first = await done(staff, SHIP, orderId=order["id"], carrier="DHL")
    assert first["order"]["status"] == "PARTIALLY_SHIPPED"
    text = await mail(mesh, shopper, order["number"], "A part of your order NUMBER is on its way")
    assert "still on its way to us" in text
    refused = await staff.mutate(SHIP, input={"orderId": order["id"], "carrier": "DHL"}, key=secrets.token_hex(16))
    assert "3 pieces wait, expected from 2999-12-01" in refused["errors"][0]["message"]
    await staff.mutate(POLICY, input={**rules, "backorder": {**rules["backorder"], "availableFrom": "2999-12-24"}})
    assert "24 December 2999" in await mail(mesh, shopper, order["number"], "News about the rest of your order NUMBER")
    warehouse_id = (await staff.ask(WAREHOUSES))["warehouses"][0]["id"]
    await done(staff, RECEIVE, variantId=variant_id, warehouseId=warehouse_id, quantity=3)

    async def has_come() -> bool:
        return bool((await seen(shopper, order["id"]))["lines"][0]["waitingQuantity"] == 0)

    await eventually(has_come, "the order knows that its units have come")
    rest = await done(staff, SHIP, orderId=order["id"], carrier="DHL")
    assert rest["order"]["status"] == "SHIPPED"
    for shipment in (first, rest):
        await done(staff, DELIVER, shipmentId=shipment["shipment"]["id"])
    order = await seen(shopper, order["id"])
    assert (order["status"], order["lines"][0]["shippedQuantity"]) == ("DELIVERED", 5)
    await assert_reconciled(mesh.environment)


async def seen(shopper: Shopper, order_id: str) -> dict[str, Any]:
    """The order as its buyer sees it."""
    order: dict[str, Any] = (await shopper.ask(ORDER, id=order_id))["order"]
    return order
