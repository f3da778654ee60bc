"""One subgraph away: the rest of the answer still comes."""

from typing import Any

import pytest
from redis.asyncio import Redis

from tests.e2e.mesh import SESSION_MESH, Mesh
from tests.e2e.shopper import LISTING, ORDER_DETAIL, Shopper, offers, register
from tests.integration.router.processes import Router
from tests.reconciliation import assert_reconciled

pytestmark = SESSION_MESH


async def bought(router: Router, shopper: Shopper) -> str:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    order_id: str = (await shopper.place(cart["id"]))["order"]["id"]
    assert (await shopper.settled(order_id))["status"] == "CONFIRMED"
    return order_id


@pytest.mark.parametrize("name", ["payments", "inventory", "notifications", "products"])
async def test_an_orders_detail_comes_without_the_part_of_a_subgraph_that_is_away(
    mesh: Mesh, router: Router, shopper: Shopper, name: str
) -> None:
    order_id = await bought(router, shopper)
    async with mesh.without(name):
        answer = await router.ask(ORDER_DETAIL, shopper.token, id=order_id)
    order = answer["data"]["order"]
    assert order["status"] == "CONFIRMED"
    assert order["lines"][0]["title"]
    assert (order["payments"] is None) == (name == "payments")
    assert (order["notifications"] is None) == (name == "notifications")
    variant = order["lines"][0]["variant"]
    assert (variant is None) == (name == "products")
    if variant is not None:
        assert (variant["stock"] is None) == (name == "inventory")
    assert answer["errors"]


async def test_a_listing_comes_without_stock_while_inventory_is_away(mesh: Mesh, router: Router) -> None:
    async with mesh.without("inventory"):
        nodes = (await router.ask(LISTING))["data"]["products"]["nodes"]
    assert len(nodes) == 20
    assert all(node["defaultVariant"]["price"]["amount"] for node in nodes)
    assert all(node["defaultVariant"]["stock"] is None for node in nodes)


@pytest.mark.parametrize("name", ["orders", "notifications"])
async def test_the_account_comes_without_the_part_of_a_subgraph_that_is_away(
    mesh: Mesh, router: Router, shopper: Shopper, name: str
) -> None:
    query = "{ me { email orders { nodes { id } } notifications { nodes { id } } } }"
    async with mesh.without(name):
        me: dict[str, Any] = (await router.ask(query, shopper.token))["data"]["me"]
    assert me["email"] == shopper.email
    assert (me["orders"] is None) == (name == "orders")
    assert (me["notifications"] is None) == (name == "notifications")


async def test_the_shop_can_be_browsed_while_users_is_away(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    async with mesh.without("users"):
        answer = await router.ask(LISTING, shopper.token)
    assert len(answer["data"]["products"]["nodes"]) == 20


async def test_a_flushed_valkey_loses_no_order_and_no_session(mesh: Mesh, router: Router, shopper: Shopper) -> None:
    offer, *_ = await offers(router)
    cart = await shopper.cart_with((offer["id"], 1))
    placed = await shopper.place(cart["id"])
    async with Redis.from_url(mesh.environment["REDIS_URL"]) as valkey:
        await valkey.flushall()
    assert (await shopper.settled(placed["order"]["id"]))["status"] == "CONFIRMED"
    assert (await register(router)).token
    await assert_reconciled(mesh.environment)
