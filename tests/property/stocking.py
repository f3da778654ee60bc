"""A shop in which every field has something to say, and in which nothing moves any more."""

from dataclasses import dataclass
from typing import Any

from tests.command_line import token
from tests.e2e.mesh import Mesh
from tests.e2e.shopper import DECLINED_CARD, Shopper, offers, register
from tests.e2e.test_after_sale import REFUND, SCOPES, SHIP, bought, done, staff_of
from tests.integration.router.processes import Router
from tests.property.shop import Shop
from tests.subgraphs import NO_SUCH_ID, eventually

ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}
ADD_ADDRESS = (
    "mutation ($input: AddressCreateInput!) { addressCreate(input: $input) { address { id } errors { message } } }"
)
ADD_CARD = """mutation ($input: PaymentMethodAddInput!, $key: String!) {
  paymentMethodAdd(input: $input, idempotencyKey: $key) { paymentMethod { id } errors { message } } }"""
CATALOGUE = """{ products(first: 4) { nodes { id slug } edges { cursor } } categories { slug } }"""
UNDER_WAY = """query ($id: ID!) { order(id: $id) { number history { to } shipments { status } refunds { status }
  payments { status } notifications { kind sentAt } } }"""


@dataclass(frozen=True)
class People:
    """Who asks, by name: somebody without a token, a shopper, and staff with every scope."""

    tokens: dict[str, str | None]
    shop: Shop


async def stock(router: Router, mesh: Mesh) -> People:
    """Has a shopper buy and staff ship and refund, and waits until all of it has settled."""
    shopper, staff = await register(router), await staff_of(router, mesh)
    first, second, third, *_ = await offers(router)
    order_ids = [
        await _shipped_and_refunded(shopper, staff, first["id"], second["id"]),
        await _declined(shopper, second["id"]),
    ]
    cart = await shopper.cart_with((first["id"], 2), (third["id"], 1))
    default, _ = [await _address(shopper, city) for city in ("Berlin", "Paris")]
    card = await done(shopper, ADD_CARD, paymentMethodId="pm_card_visa")
    known = {
        "Query.order(id:)": [*order_ids, NO_SUCH_ID],
        "Query.cart(id:)": [cart["id"], cart["id"], NO_SUCH_ID],
        "Mutation.addressSetDefault(input:)": [{"id": default}, {"id": NO_SUCH_ID}],
        "Mutation.paymentMethodSetDefault(input:)": [{"id": card["paymentMethod"]["id"]}, {"id": NO_SUCH_ID}],
        "Mutation.cartAddLines(input:)": [{"cartId": NO_SUCH_ID, "lines": [{"variantId": NO_SUCH_ID, "quantity": 0}]}],
        "Mutation.cartRemoveLines(input:)": [{"cartId": NO_SUCH_ID, "lineIds": []}],
    }
    catalogue = await shopper.ask(CATALOGUE)
    await eventually(lambda: _are_quiet(shopper, order_ids), "all about the orders is settled")
    tokens = {
        "anonymous": None,
        "shopper": await _lasting_token(mesh, shopper, ""),
        "staff": await _lasting_token(mesh, staff, SCOPES),
    }
    return People(tokens, _shop(known, catalogue))


async def _lasting_token(mesh: Mesh, somebody: Shopper, scope: str) -> str:
    """For longer than the longest run."""
    return await token(mesh.environment, somebody.email, scope, "--expires-in", "14400")


def _shop(known: dict[str, list[Any]], catalogue: dict[str, Any]) -> Shop:
    products = catalogue["products"]["nodes"]
    known["Query.product(id:)"] = [None, *(product["id"] for product in products), NO_SUCH_ID]
    known["Query.product(slug:)"] = [None, *(product["slug"] for product in products), "no-such-product"]
    known["Query.category(slug:)"] = [*(category["slug"] for category in catalogue["categories"]), "no-such-category"]
    return Shop(known, [catalogue["products"]["edges"][1]["cursor"], "not a cursor"])


async def _address(shopper: Shopper, city: str) -> str:
    payload = await shopper.mutate(ADD_ADDRESS, input={"address": {**ADDRESS, "city": city}})
    address_id: str = payload["address"]["id"]
    return address_id


async def _shipped_and_refunded(shopper: Shopper, staff: Shopper, *variant_ids: str) -> str:
    order = await bought(shopper, *((variant_id, 2) for variant_id in variant_ids))
    lines = [{"lineId": order["lines"][0]["id"], "quantity": 1}]
    await done(staff, SHIP, orderId=order["id"], carrier="DHL", lines=lines)
    await done(staff, REFUND, orderId=order["id"], lines=lines, reason="a scratch")
    order_id: str = order["id"]
    return order_id


async def _declined(shopper: Shopper, variant_id: str) -> str:
    placed = await shopper.place((await shopper.cart_with((variant_id, 1)))["id"], DECLINED_CARD)
    await shopper.settled(placed["order"]["id"])
    order_id: str = placed["order"]["id"]
    return order_id


async def _are_quiet(shopper: Shopper, order_ids: list[str]) -> bool:
    return all([await _is_quiet(shopper, order_id) for order_id in order_ids])


async def _is_quiet(shopper: Shopper, order_id: str) -> bool:
    order = (await shopper.ask(UNDER_WAY, id=order_id))["order"]
    is_moving = any(
        each["status"] == "PENDING" for each in (*order["shipments"], *order["refunds"], *order["payments"])
    )
    told = {notification["kind"] for notification in order["notifications"] if notification["sentAt"]}
    expected = {"ORDER_CANCELLED"} if not order["shipments"] else {"ORDER_CONFIRMED", "ORDER_SHIPPED", "ORDER_REFUNDED"}
    return not is_moving and expected <= told
