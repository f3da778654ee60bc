"""From placing an order to its confirmation, with eight buyers at once; and how long events take from subgraph to subgraph."""

import asyncio
import secrets
import time
from datetime import datetime
from typing import Any

from tests.load.client import GraphQLClient, Measured, graphql_client, measure
from tests.load.events import event_delay_p95, event_delays
from tests.load.report import Row

BUYERS = 8
ORDERS = 160
SECONDS = 60.0
_POLL_SECONDS = 0.1  # a buyer who asks more often is what is measured
ADDRESS = {"recipient": "Ada Lovelace", "line1": "Hauptstraße 1", "city": "Berlin", "country": "DE"}
REGISTER = "mutation ($input: UserRegisterInput!) { userRegister(input: $input) { tokens { accessToken } } }"
OFFERS = "{ products(first: 100) { nodes { variants { id stock { available } } } } }"
CART = "mutation { cartCreate { cart { id } } }"
ADD = "mutation ($input: CartAddLinesInput!) { cartAddLines(input: $input) { cart { id } errors { message } } }"
PLACE = """mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) { order { id } errors { message } } }"""
STATUS = "query ($id: ID!) { order(id: $id) { status placedAt updatedAt } }"


async def checkout(router_url: str, subgraph_urls: list[str]) -> list[Row]:
    """Measures the running mesh."""
    async with graphql_client(f"{router_url}/graphql") as client:
        tokens = await asyncio.gather(*(_token(client) for _ in range(BUYERS)))
        variants = await _variants(client)
        before = await event_delays(subgraph_urls)
        placing, confirming = await _orders(client, tokens, variants)
        delay = event_delay_p95(before, await event_delays(subgraph_urls))
    return [
        Row("order placed -> confirmed, p95, 8 buyers", f"{confirming.percentile(0.95) * 1000:.0f} ms", "< 1000 ms"),
        Row("  its median", f"{confirming.percentile(0.5) * 1000:.0f} ms", ""),
        Row("  checkoutPlaceOrder, p95", f"{placing.percentile(0.95) * 1000:.0f} ms", ""),
        Row("  orders confirmed a second", f"{confirming.per_second:.0f}", ""),
        Row("event committed -> effect elsewhere, p95", f"{delay * 1000:.0f} ms", "< 250 ms"),
    ]


async def _orders(client: GraphQLClient, tokens: list[str], variants: list[str]) -> tuple[Measured, Measured]:
    """How long placing took, and from then until the order was confirmed, by the shop's own clock."""
    placing: list[float] = []
    confirming: list[float] = []

    async def order(number: int) -> None:
        token = tokens[number % BUYERS]
        cart_id = await _cart(client, token, variants[number % len(variants)])
        begun = time.perf_counter()
        order_id = await _place(client, token, cart_id)
        placing.append(time.perf_counter() - begun)
        confirming.append(await _confirmed(client, token, order_id))

    whole = await measure(order, BUYERS, SECONDS, ORDERS)
    return Measured(whole.count, whole.elapsed, placing), Measured(whole.count, whole.elapsed, confirming)


async def _token(client: GraphQLClient) -> str:
    given = {"email": f"{secrets.token_hex(8)}@example.com", "password": secrets.token_urlsafe(12), "name": "Load"}
    token: str = (await client.ask(REGISTER, {"input": given}))["userRegister"]["tokens"]["accessToken"]
    return token


async def _variants(client: GraphQLClient) -> list[str]:
    nodes = (await client.ask(OFFERS))["products"]["nodes"]
    variants = [variant for node in nodes for variant in node["variants"]]
    return [variant["id"] for variant in variants if variant["stock"] and variant["stock"]["available"] >= 20]


async def _cart(client: GraphQLClient, token: str, variant_id: str) -> str:
    cart_id: str = (await client.ask(CART, None, token))["cartCreate"]["cart"]["id"]
    lines = [{"variantId": variant_id, "quantity": 1}]
    _accepted((await client.ask(ADD, {"input": {"cartId": cart_id, "lines": lines}}, token))["cartAddLines"])
    return cart_id


async def _place(client: GraphQLClient, token: str, cart_id: str) -> str:
    given = {"cartId": cart_id, "email": "load@example.com", "shippingAddress": ADDRESS, "paymentMethodId": "pm_card_visa"}
    payload = (await client.ask(PLACE, {"input": given, "key": secrets.token_hex(16)}, token))["checkoutPlaceOrder"]
    order_id: str = _accepted(payload)["order"]["id"]
    return order_id


async def _confirmed(client: GraphQLClient, token: str, order_id: str) -> float:
    """Waits until an order is confirmed, and answers after how many seconds it was."""
    order = {"status": "PENDING"}
    while order["status"] == "PENDING":
        await asyncio.sleep(_POLL_SECONDS)
        order = (await client.ask(STATUS, {"id": order_id}, token))["order"]
    if order["status"] != "CONFIRMED":
        raise RuntimeError(f"order {order_id} is {order['status']}")
    return (datetime.fromisoformat(order["updatedAt"]) - datetime.fromisoformat(order["placedAt"])).total_seconds()


def _accepted(payload: dict[str, Any]) -> dict[str, Any]:
    if payload["errors"]:
        raise RuntimeError(payload["errors"][0]["message"])
    return payload
