"""Carts that nobody changes any more are removed; those that are ordered or in somebody's hands are not."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from tests.carts import create_cart, filled_cart, remove_expired, sold_variant, sweep_carts
from tests.integration.orders.merging import my_cart
from tests.integration.orders.shop import Buyer, Shop


async def expires_in_days(buyer: Buyer, cart_id: str) -> float:
    """How many days a cart has left."""
    cart = (await buyer.ask("query ($id: ID!) { cart(id: $id) { expiresAt } }", {"id": cart_id}))["cart"]
    left: timedelta = datetime.fromisoformat(cart["expiresAt"]) - datetime.now(UTC)
    return round(left / timedelta(days=1), 2)


async def expire(shop: Shop, cart_id: str) -> None:
    await shop.catalogue.execute("UPDATE carts SET expires_at = now() WHERE id = $1", UUID(cart_id))


async def test_an_anonymous_cart_is_kept_for_30_days_and_an_owned_one_for_90(shop: Shop) -> None:
    guest, buyer = shop.guest(), shop.buyer()
    assert await expires_in_days(guest, await guest.new_cart()) == 30
    assert await expires_in_days(buyer, await buyer.new_cart()) == 90


async def test_an_expired_cart_is_missing_before_it_is_swept(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    cart_id = await buyer.filled_cart(shirt)
    line_id = (await buyer.cart(cart_id) or {})["lines"][0]["id"]
    await expire(shop, cart_id)
    assert (await buyer.cart(cart_id), await my_cart(buyer)) == (None, None)
    for payload in (
        await buyer.add(cart_id, shirt),
        await buyer.change("cartUpdateLines", {"cartId": cart_id, "lines": [{"lineId": line_id, "quantity": 2}]}),
        await buyer.change("cartRemoveLines", {"cartId": cart_id, "lineIds": [line_id]}),
        await buyer.place(cart_id),
    ):
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [("CART_NOT_FOUND", ["cartId"])]


async def test_an_ordered_cart_never_expires(shop: Shop) -> None:
    buyer = shop.buyer()
    cart_id = await buyer.filled_cart(await shop.variant())
    await buyer.place(cart_id)
    await expire(shop, cart_id)
    cart = (await buyer.ask("query ($id: ID!) { cart(id: $id) { isOrdered expiresAt } }", {"id": cart_id}))["cart"]
    assert cart == {"isOrdered": True, "expiresAt": None}


async def filled_and_expired(count: int) -> list[UUID]:
    """Anonymous carts with a line each whose time is over."""
    variant_id = await sold_variant()
    carts = [await filled_cart(variant_id) for _ in range(count)]
    await db.execute("UPDATE carts SET expires_at = now() WHERE id = ANY($1::uuid[])", carts)
    return carts


async def count(table: str) -> int:
    rows: int = await db.fetch_value(f"SELECT count(*) FROM {table}")
    return rows


async def test_the_sweep_removes_what_is_expired_with_its_lines_and_nothing_else(orders: Subgraph) -> None:
    await filled_and_expired(250)
    kept = await create_cart()
    await sweep_carts()
    assert [row["id"] for row in await db.fetch("SELECT id FROM carts")] == [kept]
    assert await count("cart_lines") == 0


async def test_the_sweep_leaves_a_cart_that_is_being_changed(orders: Subgraph) -> None:
    (cart_id,) = await filled_and_expired(1)
    other = await asyncpg.connect(orders.settings.database_url.current())
    try:
        async with other.transaction():
            await other.execute("UPDATE carts SET expires_at = now() + interval '1 day' WHERE id = $1", cart_id)
            assert await remove_expired(100) == 0
        assert await remove_expired(100) == 0
    finally:
        await other.close()


async def test_sweepers_side_by_side_take_different_carts(orders: Subgraph) -> None:
    await filled_and_expired(150)
    deleted = await asyncio.gather(*(remove_expired(50) for _ in range(5)))
    assert sum(deleted) == 150 - await count("carts")
    await sweep_carts()
    assert await count("carts") == 0
