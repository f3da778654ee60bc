"""What audits hear of orders over gRPC: all of them, a page at a time, and nobody else hears anything."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from schema.proto.mercato.orders.v1 import orders_pb2, orders_pb2_grpc
from shared.errors import BadUserInput, Unauthenticated
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import DECLINED_CARD
from tests.integration.orders.shipping import confirmed, some
from tests.integration.orders.shop import Shop
from tests.subgraphs import eventually


@pytest_asyncio.fixture
async def client(shop: Shop) -> AsyncIterator[RpcClient]:
    """A connection with the secret of the house."""
    environment = shop.orders.environment
    connection = RpcClient(f"127.0.0.1:{environment['ORDERS_GRPC_PORT']}", Secret(environment["RPC_SECRET"]))
    yield connection
    await connection.close()


async def page(client: RpcClient, after: str, limit: int) -> list[orders_pb2.Order]:
    request = orders_pb2.ListOrdersRequest(after_order_id=after, limit=limit)
    answer: orders_pb2.ListOrdersResponse = await client.call(
        orders_pb2_grpc.OrdersStub(client.channel).ListOrders, request
    )
    return list(answer.orders)


async def audited(client: RpcClient, order_id: str) -> orders_pb2.Order:
    """One order, as the page that begins right before it has it."""
    (order,) = await page(client, str(UUID(int=UUID(order_id).int - 1)), 1)
    assert order.order_id == order_id
    return order


async def test_a_confirmed_order_is_told_with_its_lines(shop: Shop, client: RpcClient) -> None:
    shirt, bowl = await shop.variant(price=1990), await shop.variant(price=500)
    order = await confirmed(shop, shirt, bowl, quantity=2)
    told = await audited(client, order["id"])
    assert (told.number, told.status, told.currency) == (order["number"], "CONFIRMED", "EUR")
    assert (told.total_minor, told.refunded_minor, told.is_captured) == (4980, 0, True)
    assert (told.is_open, told.needs_attention) == (False, False)
    lines = [(line.line_id, line.variant_id, line.quantity, line.restocked) for line in told.lines]
    assert lines == [(line["id"], line["variant"]["id"], 2, 0) for line in order["lines"]]
    changed = await shop.catalogue.fetchval(
        "SELECT greatest(max(sagas.updated_at), max(orders.updated_at)) FROM orders JOIN sagas ON order_id = orders.id"
        " WHERE orders.id = $1",
        UUID(order["id"]),
    )
    assert told.changed_at_ms == int(changed.timestamp() * 1000)


async def test_an_order_that_is_under_way_is_open(shop: Shop, client: RpcClient) -> None:
    stall = Fault("AUTHORIZE", When.BEFORE, Kind.STALL)
    buyer = shop.buyer()
    order_id = await buyer.placed(await shop.variant(stall))
    told = await audited(client, order_id)
    assert (told.status, told.is_captured, told.is_open) == ("PENDING", False, True)
    stall.go.set()
    await buyer.ended(order_id)
    assert not (await audited(client, order_id)).is_open


async def test_a_cancelled_order_was_never_paid(shop: Shop, client: RpcClient) -> None:
    buyer = shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant(), paymentMethodId=DECLINED_CARD))
    told = await audited(client, order["id"])
    assert (told.status, told.is_captured, told.is_open) == ("CANCELLED", False, False)


@pytest.mark.parametrize("restock", [True, False])
async def test_refunds_and_units_back_in_stock_are_told(shop: Shop, client: RpcClient, restock: bool) -> None:
    order = await confirmed(shop, await shop.variant(price=1000), quantity=3)
    staff = shop.staff("orders:refund", "orders:read")
    await staff.done("orderRefund", {"orderId": order["id"], "reason": "broken", "restock": restock, **some(order, 2)})

    async def is_closed() -> bool:
        return not (await audited(client, order["id"])).is_open

    await eventually(is_closed, "the refund is done")
    told = await audited(client, order["id"])
    assert (told.refunded_minor, [line.restocked for line in told.lines]) == (2000, [2 if restock else 0])


async def test_pages_follow_each_other_without_a_gap_and_the_last_is_short(shop: Shop, client: RpcClient) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=100)
    placed = [await buyer.placed(shirt) for _ in range(5)]
    found, after = [], str(UUID(int=UUID(placed[0]).int - 1))
    while orders := await page(client, after, 2):
        found += [order.order_id for order in orders]
        after = orders[-1].order_id
    assert found == sorted(found)
    assert set(placed) <= set(found)
    assert await page(client, str(UUID(int=2**128 - 1)), 10) == []
    assert (await page(client, "", 1))[0].order_id <= placed[0]
    for order_id in placed:
        await buyer.ended(order_id)


async def test_a_page_is_one_statement(shop: Shop, client: RpcClient) -> None:
    buyer, shirt = shop.buyer(), await shop.variant(stock=100)
    for _ in range(3):
        await buyer.ended(await buyer.placed(shirt))
    operation = "/mercato.orders.v1.Orders/ListOrders"
    before = await shop.orders.metric("mercato_sql_statements_total", operation=operation)
    assert len(await page(client, "", 3)) == 3
    assert await shop.orders.metric("mercato_sql_statements_total", operation=operation) == before + 1


@pytest.mark.parametrize(
    ("after", "limit", "field"), [("x", 1, "after_order_id"), ("", 0, "limit"), ("", -1, "limit"), ("", 1001, "limit")]
)
async def test_a_bad_page_is_named(client: RpcClient, after: str, limit: int, field: str) -> None:
    with pytest.raises(BadUserInput) as refusal:
        await page(client, after, limit)
    assert refusal.value.field == (field,)


async def test_who_lacks_the_secret_hears_nothing(shop: Shop) -> None:
    stranger = RpcClient(f"127.0.0.1:{shop.orders.environment['ORDERS_GRPC_PORT']}", Secret("guess"))
    with pytest.raises(Unauthenticated):
        await page(stranger, "", 1)
    await stranger.close()
