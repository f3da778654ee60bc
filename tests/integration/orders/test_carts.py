"""Carts: what goes in, what it costs, what is wrong with it, and who may see it."""

import asyncio
from uuid import uuid4

from tests.integration.orders.shop import CART, Shop


async def test_the_same_variant_adds_up_and_totals_are_exact(shop: Shop) -> None:
    guest = shop.guest()
    shirt, bowl = await shop.variant(price=1999, title="Shirt"), await shop.variant(price=1, title="Bowl")
    cart_id = await guest.filled_cart(shirt, bowl, shirt, quantity=2)
    cart = (await guest.add(cart_id, shirt))["cart"]
    assert [(line["title"], line["quantity"], line["total"]["amount"]) for line in cart["lines"]] == [
        ("Shirt", 5, "99.95"),
        ("Bowl", 2, "0.02"),
    ]
    assert (cart["totalQuantity"], cart["total"]) == (7, {"amount": "99.97", "currency": "EUR"})
    assert cart["lines"][0]["variant"] == {"id": shirt}
    assert await guest.cart(cart_id) == cart


async def test_lines_provide_the_article_numbers_of_their_variants(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    cart_id = await buyer.filled_cart(variant)
    query = "query ($id: ID!) { cart(id: $id) { lines { variant { id sku } } } }"
    answer = await shop.orders.graphql(query, {"id": cart_id}, buyer.token)
    assert answer == {"data": {"cart": {"lines": [{"variant": {"id": variant, "sku": "LS"}}]}}}


async def test_an_anonymous_cart_is_anybodys_who_knows_its_id(shop: Shop) -> None:
    cart_id = await shop.guest().filled_cart(await shop.variant())
    assert await shop.buyer().cart(cart_id) is not None
    assert (await shop.buyer().add(cart_id, await shop.variant()))["errors"] == []


async def test_a_users_cart_is_missing_for_everybody_else(shop: Shop) -> None:
    owner, variant = shop.buyer(), await shop.variant()
    cart_id = await owner.filled_cart(variant)
    for other in (shop.buyer(), shop.guest()):
        assert await other.cart(cart_id) is None
        assert await other.add(cart_id, variant) == {
            "cart": None,
            "errors": (await other.add(str(uuid4()), variant))["errors"],
        }


async def test_two_to_the_31_is_no_int(shop: Shop) -> None:
    guest = shop.guest()
    lines = [{"variantId": await shop.variant(), "quantity": 2**31}]
    answer = await shop.orders.graphql(
        f"mutation ($input: CartAddLinesInput!) {{ cartAddLines(input: $input) {{ cart {CART} }} }}",
        {"input": {"cartId": await guest.new_cart(), "lines": lines}},
    )
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "lines.0.quantity" in answer["errors"][0]["message"]


async def test_unknown_malformed_and_withdrawn_variants_are_named(shop: Shop) -> None:
    guest, good, gone = shop.guest(), await shop.variant(), await shop.variant()
    await shop.catalogue.execute("UPDATE variants SET is_sold = false WHERE id = $1", gone)
    cart_id = await guest.new_cart()
    payload = await guest.add(cart_id, good, str(uuid4()), "x", gone)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("VARIANT_NOT_FOUND", ["lines", index, "variantId"]) for index in "123"
    ]
    assert (await guest.cart(cart_id) or {})["lines"] == []


async def test_lines_are_updated_and_removed(shop: Shop) -> None:
    guest, first, second = shop.guest(), await shop.variant(), await shop.variant()
    cart_id = await guest.filled_cart(first, second)
    lines = (await guest.cart(cart_id) or {})["lines"]
    updated = await guest.change(
        "cartUpdateLines", {"cartId": cart_id, "lines": [{"lineId": lines[1]["id"], "quantity": 7}]}
    )
    assert [line["quantity"] for line in updated["cart"]["lines"]] == [1, 7]
    removed = await guest.change("cartRemoveLines", {"cartId": cart_id, "lineIds": [lines[0]["id"]]})
    assert [line["id"] for line in removed["cart"]["lines"]] == [lines[1]["id"]]


async def test_an_ordered_cart_cannot_be_changed(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    cart_id = await buyer.filled_cart(variant)
    line_id = (await buyer.cart(cart_id) or {})["lines"][0]["id"]
    await buyer.place(cart_id)
    for payload in (
        await buyer.add(cart_id, variant),
        await buyer.change("cartUpdateLines", {"cartId": cart_id, "lines": [{"lineId": line_id, "quantity": 2}]}),
        await buyer.change("cartRemoveLines", {"cartId": cart_id, "lineIds": [line_id]}),
    ):
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [
            ("CART_ALREADY_ORDERED", ["cartId"])
        ]


async def test_additions_at_once_are_all_counted(shop: Shop) -> None:
    guest, variant = shop.guest(), await shop.variant()
    cart_id = await guest.new_cart()
    await asyncio.gather(*(guest.add(cart_id, variant) for _ in range(20)))
    assert (await guest.cart(cart_id) or {})["totalQuantity"] == 20


async def test_a_full_cart_is_read_by_one_statement(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.filled_cart(*[await shop.variant() for _ in range(20)])
    before = await shop.orders.metric("mercato_sql_statements_total", operation="query cart")
    await guest.cart(cart_id)
    assert await shop.orders.metric("mercato_sql_statements_total", operation="query cart") == before + 1


async def test_a_malformed_cart_id_is_bad_input(shop: Shop) -> None:
    answer = await shop.orders.graphql('{ cart(id: "x") { id } }')
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["id"]}
