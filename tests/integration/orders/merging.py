"""Merging carts over GraphQL."""

from typing import Any
from uuid import uuid4

from tests.integration.orders.shop import CART, ERRORS, Buyer, JsonObject

_MERGE = (
    "mutation ($input: CartMergeInput!, $key: String!)"
    f" {{ cartMerge(input: $input, idempotencyKey: $key) {{ cart {CART} {ERRORS} }} }}"
)


async def ask_to_merge(buyer: Buyer, given: Any, key: Any = None) -> JsonObject:
    """The whole answer to ``cartMerge``."""
    return await buyer.shop.orders.graphql(_MERGE, {"input": given, "key": key or str(uuid4())}, buyer.token)


async def merge(buyer: Buyer, cart_id: str, key: str | None = None) -> JsonObject:
    """The payload of ``cartMerge``."""
    answer = await ask_to_merge(buyer, {"cartId": cart_id}, key)
    assert "errors" not in answer, answer
    payload: JsonObject = answer["data"]["cartMerge"]
    return payload


async def my_cart(buyer: Buyer) -> JsonObject | None:
    """The buyer's own cart."""
    cart: JsonObject | None = (await buyer.ask(f"{{ myCart {CART} }}"))["myCart"]
    return cart


async def my_carts(buyer: Buyer) -> list[str]:
    """The ids of the buyer's own carts, latest first."""
    return [cart["id"] for cart in (await buyer.ask("{ myCarts { nodes { id } } }"))["myCarts"]["nodes"]]


def units(cart: JsonObject | None) -> dict[str, int]:
    """How many of which variant a cart holds."""
    assert cart is not None
    return {line["variant"]["id"]: line["quantity"] for line in cart["lines"]}
