"""Buyers with full carts: what they ask, and how they learn what became of their orders.

They share one account, as the buyers of a firm do: registering costs a tenth of a second of Argon2 by intent, and
one page of the account's orders tells of all that wait. A buyer who asks for every order alone, ten times a
second, is what would be measured.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.load.client import GraphQLClient

POLL_SECONDS = 0.25
UNDER_WAY = ("PENDING", "AWAITING_PAYMENT_ACTION")
ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}
REGISTER = "mutation ($input: UserRegisterInput!) { userRegister(input: $input) { tokens { accessToken } } }"
OFFERS = """query ($after: String) { products(first: 100, after: $after) {
  nodes { variants { id stock { available } } } pageInfo { hasNextPage endCursor } } }"""
CART = "mutation { cartCreate { cart { id } } }"
ADD = "mutation ($input: CartAddLinesInput!) { cartAddLines(input: $input) { cart { id } errors { message } } }"
PLACE = """mutation ($input: CheckoutPlaceOrderInput!, $key: String!) {
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) { order { id } errors { message } } }"""
LATEST = "{ me { orders(first: 100) { nodes { id status placedAt updatedAt } } } }"


@dataclass(frozen=True)
class Account:
    """Whoever the buyers are."""

    client: GraphQLClient
    token: str

    async def filled_cart(self, variant_id: str) -> str:
        """A cart with one unit of a variant."""
        cart_id: str = (await self._ask(CART))["cartCreate"]["cart"]["id"]
        lines = [{"variantId": variant_id, "quantity": 1}]
        accepted((await self._ask(ADD, {"input": {"cartId": cart_id, "lines": lines}}))["cartAddLines"])
        return cart_id

    async def place(self, cart_id: str) -> str:
        """An order of a cart, with a key of its own."""
        given = {
            "cartId": cart_id,
            "email": "load@example.com",
            "shippingAddress": ADDRESS,
            "paymentMethodId": "pm_card_visa",
        }
        payload = (await self._ask(PLACE, {"input": given, "key": secrets.token_hex(16)}))["checkoutPlaceOrder"]
        order_id: str = accepted(payload)["order"]["id"]
        return order_id

    async def latest_orders(self) -> list[dict[str, Any]]:
        """The last hundred orders."""
        orders: list[dict[str, Any]] = (await self._ask(LATEST))["me"]["orders"]["nodes"]
        return orders

    async def _ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        return await self.client.ask(query, variables, self.token)


async def new_account(client: GraphQLClient) -> Account:
    """Somebody who just registered."""
    given = {"email": f"{secrets.token_hex(8)}@example.com", "password": secrets.token_urlsafe(12), "name": "Load"}
    return Account(client, (await client.ask(REGISTER, {"input": given}))["userRegister"]["tokens"]["accessToken"])


async def offers(client: GraphQLClient, units: int) -> list[str]:
    """As many variants as there are units to buy, each as often as it is in stock at most, spread over the catalogue.

    Raises:
        RuntimeError: when the shop has not that many units left.
    """
    left = await _stock(client)
    chosen: list[str] = []
    while left and len(chosen) < units:
        chosen += list(left)
        left = {variant_id: count - 1 for variant_id, count in left.items() if count > 1}
    if len(chosen) < units:
        raise RuntimeError(
            f"only {len(chosen)} of {units} units are in stock: `make reset` and `make up` fill the shop again"
        )
    return chosen[:units]


async def _stock(client: GraphQLClient) -> dict[str, int]:
    found: dict[str, int] = {}
    after, more = None, True
    while more and len(found) < 2000:
        page = (await client.ask(OFFERS, {"after": after}))["products"]
        variants = [variant for node in page["nodes"] for variant in node["variants"] if variant["stock"]]
        found |= {
            variant["id"]: variant["stock"]["available"] for variant in variants if variant["stock"]["available"] > 0
        }
        more, after = page["pageInfo"]["hasNextPage"], page["pageInfo"]["endCursor"]
    return found


class Confirmations:
    """Tells buyers when their orders are confirmed; one request for all who wait."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._waiting: dict[str, asyncio.Future[float]] = {}

    async def of(self, order_id: str) -> float:
        """Waits for an order's confirmation; answers how many seconds after its placing the shop's own clock saw it."""
        self._waiting[order_id] = asyncio.get_running_loop().create_future()
        return await self._waiting[order_id]

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Asks from time to time, until the end of the block."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            try:
                self._tell(await self._account.latest_orders() if self._waiting else [])
            except Exception as error:
                for buyer in self._waiting.values():
                    buyer.set_exception(error)
                raise

    def _tell(self, orders: list[dict[str, Any]]) -> None:
        for order in orders:
            if order["id"] in self._waiting and order["status"] not in UNDER_WAY:
                buyer = self._waiting.pop(order["id"])
                if order["status"] == "CONFIRMED":
                    buyer.set_result(seconds_between(order["placedAt"], order["updatedAt"]))
                else:
                    buyer.set_exception(RuntimeError(f"order {order['id']} is {order['status']}"))


def seconds_between(begin: str, end: str) -> float:
    """From one moment of RFC 3339 to another."""
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def accepted(payload: dict[str, Any]) -> dict[str, Any]:
    """A mutation's payload.

    Raises:
        RuntimeError: when it holds errors.
    """
    if payload["errors"]:
        raise RuntimeError(payload["errors"][0]["message"])
    return payload
