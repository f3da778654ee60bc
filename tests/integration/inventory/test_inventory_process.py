"""Inventory as its callers meet it: GraphQL for the router, gRPC for orders, events for everybody."""

from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from schema.proto.mercato.inventory.v1 import inventory_pb2 as pb
from schema.proto.mercato.inventory.v1 import inventory_pb2_grpc as pb_grpc
from shared.errors import BadUserInput, Conflict, Unauthenticated
from shared.events.cloudevents import decode
from shared.ids import new_id
from shared.rpc.client import RpcClient
from shared.security.secrets import Secret
from tests.contracts import assert_matches_contract
from tests.identity import Issuer
from tests.subgraphs import Running


def client(process: Running, secret: str | None = None) -> RpcClient:
    return RpcClient(process.environment["INVENTORY_RPC_ADDRESS"], Secret(secret or process.environment["RPC_SECRET"]))


def reserve_request(
    variant_id: str, quantity: int = 1, key: str | None = None, order_id: str | None = None
) -> pb.ReserveRequest:
    line = pb.ReservationLine(line_id=str(new_id()), variant_id=variant_id, quantity=quantity)
    order = order_id or str(new_id())
    return pb.ReserveRequest(idempotency_key=key or f"{order}:reserve", order_id=order, lines=[line], ttl_seconds=60)


async def test_a_command_sent_twice_has_one_effect_and_one_answer(inventory_process: Running, variant_id: str) -> None:
    rpc = client(inventory_process)
    stub = pb_grpc.InventoryStub(rpc.channel)
    request = reserve_request(variant_id)
    first, second = await rpc.call(stub.Reserve, request), await rpc.call(stub.Reserve, request)
    assert first.WhichOneof("outcome") == "reserved"
    assert first == second


async def test_a_key_that_comes_with_another_request_is_rejected(inventory_process: Running, variant_id: str) -> None:
    rpc = client(inventory_process)
    stub = pb_grpc.InventoryStub(rpc.channel)
    request = reserve_request(variant_id)
    await rpc.call(stub.Reserve, request)
    with pytest.raises(Conflict):
        await rpc.call(stub.Reserve, reserve_request(variant_id, 2, request.idempotency_key))


@pytest.mark.parametrize(
    ("mistake", "field"),
    [
        ({"order_id": "x"}, ("order_id",)),
        ({"ttl_seconds": 0}, ("ttl_seconds",)),
        ({"lines": []}, ("lines",)),
        ({"idempotency_key": ""}, ("idempotencyKey",)),
    ],
)
async def test_a_malformed_command_is_rejected_by_field(
    inventory_process: Running, variant_id: str, mistake: dict[str, object], field: tuple[str, ...]
) -> None:
    good = reserve_request(variant_id)
    parts = {"idempotency_key": good.idempotency_key, "order_id": good.order_id, "lines": good.lines, "ttl_seconds": 60}
    rpc = client(inventory_process)
    with pytest.raises(BadUserInput) as rejection:
        await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, pb.ReserveRequest(**{**parts, **mistake}))  # type: ignore[arg-type]
    assert rejection.value.field == field


async def test_a_caller_without_the_secret_is_rejected(inventory_process: Running, variant_id: str) -> None:
    rpc = client(inventory_process, "wrong")
    with pytest.raises(Unauthenticated):
        await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, reserve_request(variant_id))


async def test_a_thousand_entities_take_one_statement(inventory_process: Running, variant_id: str) -> None:
    labels = {"operation": "query _entities(ProductVariant)"}
    before = await inventory_process.metric("mercato_sql_statements_total", **labels)
    ids = [variant_id, *(str(new_id()) for _ in range(999))]
    answer = await inventory_process.entities("ProductVariant", ids, "{ id stock { available status } }")
    assert answer["data"]["_entities"][0]["id"] == variant_id
    assert answer["data"]["_entities"][1:] == [None] * 999
    assert await inventory_process.metric("mercato_sql_statements_total", **labels) == before + 1


ESTIMATE = """query ($of: [_Any!]!, $n: Int) { _entities(representations: $of) {
  ... on ProductVariant { stock { available } shippingEstimate(quantity: $n) { weightGrams method parcels } }
} }"""


async def test_shipping_is_estimated_of_what_the_catalogue_weighed_for_many_variants_in_one_statement(
    inventory_process: Running, variant_id: str
) -> None:
    labels = {"operation": "query _entities(ProductVariant)"}
    before = await inventory_process.metric("mercato_sql_statements_total", **labels)
    weighed: list[dict[str, Any]] = [
        {"id": variant_id, "weightGrams": 4_000},
        {"id": str(new_id()), "weightGrams": 4_000},
    ]
    heavy: list[dict[str, Any]] = [
        {"id": variant_id, "weightGrams": 31_000},
        {"id": variant_id, "weightGrams": 2_000_001},
        {"id": variant_id},
    ]
    sent = [{"__typename": "ProductVariant", **each} for each in (*weighed, *heavy)]
    answer = await inventory_process.graphql(ESTIMATE, {"of": sent, "n": 10})
    assert "errors" not in answer
    estimates = [each and each["shippingEstimate"] for each in answer["data"]["_entities"]]
    parcels = {"weightGrams": 40_000, "method": "PARCEL", "parcels": 2}
    assert estimates == [parcels, None, {"weightGrams": 310_000, "method": "FREIGHT", "parcels": None}, None, None]
    assert [bool(each) for each in answer["data"]["_entities"]] == [True, False, True, True, True]
    assert await inventory_process.metric("mercato_sql_statements_total", **labels) == before + 1


@pytest.mark.parametrize("quantity", [0, -1, 1000])
async def test_shipping_of_a_quantity_that_no_line_has_is_rejected_and_the_rest_is_answered(
    inventory_process: Running, variant_id: str, quantity: int
) -> None:
    sent = [{"__typename": "ProductVariant", "id": variant_id, "weightGrams": 5}]
    answer = await inventory_process.graphql(ESTIMATE, {"of": sent, "n": quantity})
    assert answer["data"]["_entities"][0]["shippingEstimate"] is None
    assert answer["data"]["_entities"][0]["stock"] is not None
    (error,) = answer["errors"]
    assert error["path"] == ["_entities", 0, "shippingEstimate"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": ["quantity"]}


async def test_more_than_a_thousand_entities_are_rejected(inventory_process: Running) -> None:
    answer = await inventory_process.entities("ProductVariant", [str(new_id()) for _ in range(1001)], "{ id }")
    assert answer["errors"][0]["extensions"] == {"code": "LIMIT_EXCEEDED", "field": ["representations"]}


async def test_stock_levels_need_their_scope(inventory_process: Running, issuer: Issuer, variant_id: str) -> None:
    selection = "{ stock { available } stockLevels { onHand warehouse { code } } }"
    shopper = await inventory_process.entities("ProductVariant", [variant_id], selection, issuer.token())
    assert shopper["data"]["_entities"][0]["stockLevels"] is None
    assert shopper["data"]["_entities"][0]["stock"] is not None
    assert shopper["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    staff = await inventory_process.entities(
        "ProductVariant", [variant_id], selection, issuer.token(scope="inventory:read")
    )
    assert staff["data"]["_entities"][0]["stockLevels"] == [{"onHand": 100, "warehouse": {"code": "HAM"}}]


async def test_a_reservation_is_published_as_the_contract_says(inventory_process: Running, variant_id: str) -> None:
    rpc = client(inventory_process)
    consumer = AIOKafkaConsumer(
        "inventory.stock.v1",
        bootstrap_servers=inventory_process.environment["KAFKA_BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        await rpc.call(pb_grpc.InventoryStub(rpc.channel).Reserve, reserve_request(variant_id))
        message = await consumer.getone()
        while message.key != variant_id.encode():
            message = await consumer.getone()
    finally:
        await consumer.stop()
    assert_matches_contract("inventory", message)
    assert decode(message.headers, message.value).payload["variantId"] == variant_id
