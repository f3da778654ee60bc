"""Orders are seen by their buyers alone, latest first, in one statement."""

from uuid import UUID

import pytest

from tests.integration.orders.shop import ORDER, Buyer, JsonObject, Shop
from tests.subgraphs import Running

PAGE = (
    "{ orders(first: 2, after: %s)"
    " { nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
)


async def page(buyer: Buyer, after: str = "null") -> JsonObject:
    answer = await buyer.shop.orders.entities("User", [str(buyer.id)], PAGE % after, buyer.token)
    assert "errors" not in answer, answer
    orders: JsonObject = answer["data"]["_entities"][0]["orders"]
    return orders


async def statements(process: Running, operation: str) -> float:
    return await process.metric("mercato_sql_statements_total", operation=operation)


async def test_orders_are_paged_latest_first(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    await shop.buyer().placed(variant)
    placed = [await buyer.placed(variant) for _ in range(3)]
    first = await page(buyer)
    assert [node["id"] for node in first["nodes"]] == placed[:0:-1]
    assert first["pageInfo"]["hasNextPage"]
    assert not first["pageInfo"]["hasPreviousPage"]
    second = await page(buyer, f'"{first["pageInfo"]["endCursor"]}"')
    assert [edge["node"]["id"] for edge in second["edges"]] == placed[:1]
    assert not second["pageInfo"]["hasNextPage"]


async def test_orders_of_another_user_are_null(shop: Shop) -> None:
    buyer, other = shop.buyer(), shop.buyer()
    await buyer.placed(await shop.variant())
    answer = await shop.orders.entities("User", [str(buyer.id)], "{ id orders { nodes { id } } }", other.token)
    assert answer["data"]["_entities"] == [{"id": str(buyer.id), "orders": None}]
    assert "errors" not in answer


async def test_orders_need_somebody_known(shop: Shop) -> None:
    buyer = shop.buyer()
    answer = await shop.orders.entities("User", [str(buyer.id)], "{ id orders { nodes { id } } }")
    assert answer["data"]["_entities"] == [{"id": str(buyer.id), "orders": None}]
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "arguments", ["first: 0", "first: 101", 'after: "x"', 'after: "WzFd"', 'after: "WyJ4Il0"', 'after: "W10"']
)
async def test_a_malformed_page_is_bad_input(shop: Shop, arguments: str) -> None:
    buyer = shop.buyer()
    selection = f"{{ orders({arguments}) {{ nodes {{ id }} }} }}"
    answer = await shop.orders.entities("User", [str(buyer.id)], selection, buyer.token)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": [arguments.split(":")[0]]}


async def test_an_order_is_missing_for_everybody_else(shop: Shop) -> None:
    order_id = await shop.buyer().placed(await shop.variant())
    assert await shop.buyer().order(order_id) is None
    answer = await shop.orders.graphql(f'{{ order(id: "{order_id}") {{ id }} }}')
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answer["data"] == {"order": None}


async def test_staff_sees_anybodys_order_and_the_buyer_does_not_see_what_staff_has_to_look_at(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id = await buyer.placed(await shop.variant())
    for staff, expected in (
        (shop.staff("orders:read"), {"id": order_id, "attention": None}),
        (shop.staff("orders:ship"), None),
    ):
        answer = await shop.orders.graphql(f'{{ order(id: "{order_id}") {{ id attention }} }}', None, staff.token)
        assert answer == {"data": {"order": expected}}
        entities = await shop.orders.entities("Order", [order_id], "{ id attention }", staff.token)
        assert entities["data"]["_entities"] == [expected]
    answer = await shop.orders.graphql(f'{{ order(id: "{order_id}") {{ id attention }} }}', None, buyer.token)
    assert answer["data"] == {"order": {"id": order_id, "attention": None}}
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_only_staff_lists_what_needs_attention(shop: Shop) -> None:
    document = "{ ordersNeedingAttention(first: %d) { nodes { id } } }"
    for buyer, code in (
        (shop.guest(), "UNAUTHENTICATED"),
        (shop.buyer(), "FORBIDDEN"),
        (shop.staff("orders:retry"), "FORBIDDEN"),
    ):
        answer = await shop.orders.graphql(document % 1, None, buyer.token)
        assert answer["errors"][0]["extensions"]["code"] == code
    answer = await shop.orders.graphql(document % 0, None, shop.staff("orders:read").token)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["first"]}


async def test_the_details_of_a_page_of_orders_are_a_statement_each_however_many_orders(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    for _ in range(3):
        await buyer.placed(variant)
    selection = "{ orders { nodes { refunds { id } history { to } lines { refundedQuantity } refunded { amount } } } }"
    before = await statements(shop.orders, "query _entities(User)")
    answer = await shop.orders.entities("User", [str(buyer.id)], selection, buyer.token)
    assert "errors" not in answer
    assert await statements(shop.orders, "query _entities(User)") == before + 4


async def test_order_entities_are_the_callers_own_in_one_statement(shop: Shop) -> None:
    buyer, other, variant = shop.buyer(), shop.buyer(), await shop.variant()
    own = [await buyer.placed(variant) for _ in range(3)]
    foreign = await other.placed(variant)
    before = await statements(shop.orders, "query _entities(Order)")
    answer = await shop.orders.entities("Order", [*own, foreign], ORDER, buyer.token)
    assert [entity and entity["id"] for entity in answer["data"]["_entities"]] == [*own, None]
    assert await statements(shop.orders, "query _entities(Order)") == before + 1
    anonymous = await shop.orders.entities("Order", own, "{ id }")
    assert anonymous["data"]["_entities"] == [None] * 3


async def test_an_order_with_its_lines_is_one_statement(shop: Shop) -> None:
    buyer = shop.buyer()
    order_id = await buyer.placed(*[await shop.variant() for _ in range(10)])
    before = await statements(shop.orders, "query order")
    order = await buyer.order(order_id)
    assert order is not None
    assert len(order["lines"]) == 10
    assert await statements(shop.orders, "query order") == before + 1


async def test_a_page_of_orders_is_one_statement(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    for _ in range(2):
        await buyer.placed(variant)
    before = await statements(shop.orders, "query _entities(User)")
    await page(buyer)
    assert await statements(shop.orders, "query _entities(User)") == before + 1


async def test_ids_of_orders_grow_with_time(shop: Shop) -> None:
    buyer, variant = shop.buyer(), await shop.variant()
    placed = [await buyer.placed(variant) for _ in range(3)]
    assert placed == sorted(placed)
    assert {UUID(order_id).version for order_id in placed} == {7}


async def test_a_cursor_of_another_buyer_or_another_list_is_refused(shop: Shop) -> None:
    ada, eve = shop.buyer(), shop.buyer()
    for buyer in (ada, eve):
        await buyer.placed(await shop.variant())
        await buyer.filled_cart(await shop.variant())
    own = (await page(ada))["pageInfo"]["endCursor"]
    cart = (await ada.ask("{ myCarts { pageInfo { endCursor } } }"))["myCarts"]["pageInfo"]["endCursor"]
    for asks, after in ((eve, own), (ada, cart)):
        answer = await shop.orders.entities("User", [str(asks.id)], PAGE % f'"{after}"', asks.token)
        assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_USER_INPUT", "field": ["after"]}]
    staff = shop.staff("orders:read")
    answer = await shop.orders.graphql(
        f'{{ ordersNeedingAttention(after: "{own}") {{ nodes {{ id }} }} }}', token=staff.token
    )
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_USER_INPUT", "field": ["after"]}]
