"""Carts: what goes in, what it costs, what is wrong with it, and who may see it."""

import asyncio
from uuid import UUID, uuid4

import pytest

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


async def test_an_empty_cart_has_no_total(shop: Shop) -> None:
    guest = shop.guest()
    cart = await guest.cart(await guest.new_cart())
    assert cart is not None
    assert (cart["lines"], cart["totalQuantity"], cart["total"], cart["isOrdered"]) == ([], 0, None, False)


async def test_a_cart_is_found_by_nobody_who_does_not_know_its_random_id(shop: Shop) -> None:
    assert UUID(await shop.guest().new_cart()).version == 4


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


@pytest.mark.parametrize("quantity", [0, -1, 1000])
async def test_a_quantity_out_of_range_is_named_and_changes_nothing(shop: Shop, quantity: int) -> None:
    guest, variant = shop.guest(), await shop.variant()
    cart_id = await guest.filled_cart(variant)
    before = await guest.cart(cart_id)
    assert before is not None
    lines = [{"variantId": variant, "quantity": 1}, {"variantId": variant, "quantity": quantity}]
    added = await guest.change("cartAddLines", {"cartId": cart_id, "lines": lines})
    updates = [{"lineId": before["lines"][0]["id"], "quantity": quantity}]
    updated = await guest.change("cartUpdateLines", {"cartId": cart_id, "lines": updates})
    for payload, index in ((added, "1"), (updated, "0")):
        assert [(error["code"], error["field"]) for error in payload["errors"]] == [
            ("QUANTITY_OUT_OF_RANGE", ["lines", index, "quantity"])
        ]
    assert await guest.cart(cart_id) == before


async def test_a_sum_above_999_is_refused(shop: Shop) -> None:
    guest, variant = shop.guest(), await shop.variant(stock=5000)
    cart_id = await guest.filled_cart(variant, quantity=999)
    payload = await guest.add(cart_id, variant)
    assert payload["errors"] == [
        {
            "code": "QUANTITY_OUT_OF_RANGE",
            "message": "A line holds 1 to 999 pieces, not 1000.",
            "field": ["lines", "0", "quantity"],
        }
    ]


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


async def test_a_cart_holds_a_hundred_lines(shop: Shop) -> None:
    guest = shop.guest()
    variants = [await shop.variant() for _ in range(101)]
    cart_id = await guest.filled_cart(*variants[:100])
    full = await guest.add(cart_id, variants[100])
    assert [(error["code"], error["field"]) for error in full["errors"]] == [("CART_FULL", ["lines"])]
    assert (await guest.add(cart_id, variants[0]))["errors"] == []
    too_many = await guest.add(cart_id, *variants)
    assert [(error["code"], error["field"]) for error in too_many["errors"]] == [("INVALID", ["lines"])]


@pytest.mark.parametrize(("mutation", "name"), [("cartAddLines", "variantId"), ("cartUpdateLines", "lineId")])
async def test_too_many_lines_are_one_mistake_whatever_is_wrong_with_each(shop: Shop, mutation: str, name: str) -> None:
    guest = shop.guest()
    payload = await guest.change(
        mutation, {"cartId": await guest.new_cart(), "lines": [{name: "x", "quantity": 0}] * 101}
    )
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["lines"])]


@pytest.mark.parametrize("mutation", ["cartAddLines", "cartUpdateLines"])
async def test_naming_no_line_is_refused(shop: Shop, mutation: str) -> None:
    guest = shop.guest()
    payload = await guest.change(mutation, {"cartId": await guest.new_cart(), "lines": []})
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["lines"])]


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


async def test_lines_that_are_not_in_the_cart_are_named(shop: Shop) -> None:
    guest, variant = shop.guest(), await shop.variant()
    cart_id, other_cart_id = await guest.filled_cart(variant), await guest.filled_cart(variant)
    (own,) = (await guest.cart(cart_id) or {})["lines"]
    (foreign,) = (await guest.cart(other_cart_id) or {})["lines"]
    updates = [{"lineId": line, "quantity": 2} for line in (own["id"], foreign["id"], "x")]
    updated = await guest.change("cartUpdateLines", {"cartId": cart_id, "lines": updates})
    assert [(error["code"], error["field"]) for error in updated["errors"]] == [
        ("LINE_NOT_FOUND", ["lines", index, "lineId"]) for index in "12"
    ]
    removed = await guest.change("cartRemoveLines", {"cartId": cart_id, "lineIds": [own["id"], foreign["id"]]})
    assert [(error["code"], error["field"]) for error in removed["errors"]] == [("LINE_NOT_FOUND", ["lineIds", "1"])]
    assert [line["quantity"] for line in (await guest.cart(cart_id) or {})["lines"]] == [1]


async def test_a_line_named_twice_is_refused(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.filled_cart(await shop.variant())
    (line,) = (await guest.cart(cart_id) or {})["lines"]
    updates = [{"lineId": line["id"], "quantity": quantity} for quantity in (2, 3)]
    payload = await guest.change("cartUpdateLines", {"cartId": cart_id, "lines": updates})
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [("INVALID", ["lines", "1", "lineId"])]


async def test_a_changed_price_is_a_problem_until_the_buyer_agrees(shop: Shop) -> None:
    guest, variant = shop.guest(), await shop.variant(price=1000, title="Lamp")
    cart_id = await guest.filled_cart(variant)
    await shop.catalogue.execute("UPDATE variants SET price_minor = 1200 WHERE id = $1", variant)
    (line,) = (await guest.add(cart_id, variant))["cart"]["lines"]
    assert [problem["code"] for problem in line["problems"]] == ["PRICE_CHANGED"]
    assert line["unitPrice"] == {"amount": "12.00"}
    agreed = await guest.change(
        "cartUpdateLines", {"cartId": cart_id, "lines": [{"lineId": line["id"], "quantity": 1}]}
    )
    assert agreed["cart"]["lines"][0]["problems"] == []


async def test_only_known_stock_can_be_short(shop: Shop) -> None:
    guest, variant = shop.guest(), await shop.variant()
    await shop.catalogue.execute("DELETE FROM known_stock WHERE variant_id = $1", variant)
    cart_id = await guest.filled_cart(variant, quantity=5)
    assert (await guest.cart(cart_id) or {})["lines"][0]["problems"] == []
    await shop.known_stock(variant, 4)
    (problem,) = (await guest.cart(cart_id) or {})["lines"][0]["problems"]
    assert problem["code"] == "INSUFFICIENT_STOCK"


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


async def test_a_currency_of_its_own_needs_a_cart_of_its_own(shop: Shop) -> None:
    guest, euros, dollars = shop.guest(), await shop.variant(), await shop.variant()
    await shop.catalogue.execute("UPDATE variants SET currency = 'USD' WHERE id = $1", dollars)
    cart_id = await guest.filled_cart(euros)
    payload = await guest.add(cart_id, dollars)
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [
        ("INVALID", ["lines", "0", "variantId"])
    ]


async def test_a_full_cart_is_read_by_one_statement(shop: Shop) -> None:
    guest = shop.guest()
    cart_id = await guest.filled_cart(*[await shop.variant() for _ in range(20)])
    before = await shop.orders.metric("mercato_sql_statements_total", operation="query cart")
    await guest.cart(cart_id)
    assert await shop.orders.metric("mercato_sql_statements_total", operation="query cart") == before + 1


async def test_a_malformed_cart_id_is_bad_input(shop: Shop) -> None:
    answer = await shop.orders.graphql('{ cart(id: "x") { id } }')
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["id"]}
