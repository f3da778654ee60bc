"""Carts that nobody changes any more are thrown away; those that are ordered or in somebody's hands are not."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from tests.carts import create_cart, filled_cart, remove_expired, sold_variant, sweep_carts
from tests.integration.orders.merging import merge, my_cart
from tests.integration.orders.shop import Buyer, Shop


async def expires_in_days(buyer: Buyer, cart_id: str) -> float:
    """How many days a cart has left."""
    cart = (await buyer.ask("query ($id: ID!) { cart(id: $id) { expiresAt } }", {"id": cart_id}))["cart"]
    left: timedelta = datetime.fromisoformat(cart["expiresAt"]) - datetime.now(UTC)
    return round(left / timedelta(days=1), 2)


async def expire(shop: Shop, cart_id: str) -> None:
    await shop.catalogue.execute("UPDATE carts SET expires_at = now() WHERE id = $1", UUID(cart_id))


async def age(shop: Shop, cart_id: str) -> None:
    await shop.catalogue.execute(
        "UPDATE carts SET expires_at = now() + interval '1 minute' WHERE id = $1", UUID(cart_id)
    )


async def test_an_anonymous_cart_is_kept_for_30_days_and_an_owned_one_for_90(shop: Shop) -> None:
    guest, buyer = shop.guest(), shop.buyer()
    assert await expires_in_days(guest, await guest.new_cart()) == 30
    assert await expires_in_days(buyer, await buyer.new_cart()) == 90


@pytest.mark.parametrize("change", ["cartAddLines", "cartUpdateLines", "cartRemoveLines"])
async def test_every_change_puts_the_expiry_off(shop: Shop, change: str) -> None:
    guest, shirt = shop.guest(), await shop.variant()
    cart_id = await guest.filled_cart(shirt)
    line_id = (await guest.cart(cart_id) or {})["lines"][0]["id"]
    given = {
        "cartAddLines": {"lines": [{"variantId": shirt, "quantity": 1}]},
        "cartUpdateLines": {"lines": [{"lineId": line_id, "quantity": 2}]},
        "cartRemoveLines": {"lineIds": [line_id]},
    }[change]
    await age(shop, cart_id)
    assert (await guest.change(change, {"cartId": cart_id, **given}))["errors"] == []
    assert await expires_in_days(guest, cart_id) == 30


async def test_a_refused_change_puts_nothing_off(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.new_cart()
    await age(shop, cart_id)
    assert (await guest.add(cart_id, str(uuid4())))["errors"]
    assert await expires_in_days(guest, cart_id) < 1


async def test_a_merge_puts_the_expiry_off_and_an_adopted_cart_is_kept_as_an_owned_one(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    adopted = (await merge(buyer, await shop.guest().filled_cart(shirt)))["cart"]["id"]
    assert await expires_in_days(buyer, adopted) == 90
    await age(shop, adopted)
    await merge(buyer, await shop.guest().filled_cart(shirt))
    assert await expires_in_days(buyer, adopted) == 90


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


async def test_neither_side_of_a_merge_may_be_expired(shop: Shop) -> None:
    buyer, shirt = shop.buyer(), await shop.variant()
    own, expired, anonymous = (
        await buyer.filled_cart(shirt),
        await shop.guest().filled_cart(shirt),
        await shop.guest().new_cart(),
    )
    await expire(shop, expired)
    assert [error["code"] for error in (await merge(buyer, expired))["errors"]] == ["CART_NOT_FOUND"]
    await expire(shop, own)
    assert (await merge(buyer, anonymous))["cart"]["id"] == anonymous


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


async def test_the_sweep_throws_away_what_is_expired_with_its_lines_and_nothing_else(orders: Subgraph) -> None:
    await filled_and_expired(250)
    kept = await create_cart()
    await sweep_carts()
    assert [row["id"] for row in await db.fetch("SELECT id FROM carts")] == [kept]
    assert await count("cart_lines") == 0


async def test_the_sweep_leaves_ordered_carts(orders: Subgraph) -> None:
    (cart_id,) = await filled_and_expired(1)
    await db.execute("UPDATE carts SET ordered_at = now() WHERE id = $1", cart_id)
    await sweep_carts()
    assert await count("cart_lines") == 1


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
