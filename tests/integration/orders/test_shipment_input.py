"""What is wrong with a shipment is named with the way out, and nothing is written."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.orders.faults import Fault, Kind, When
from tests.integration.orders.peers import DECLINED_CARD
from tests.integration.orders.shipping import confirmed, deliver, mistakes, ship, shipper, some, written
from tests.integration.orders.shop import JsonObject, Shop
from tests.subgraphs import NO_SUCH_ID, OF_ANOTHER_SHAPE

Spoil = Callable[[JsonObject, JsonObject], JsonObject]
Expected = tuple[str, list[str]]

# What can be told without the order is read in tests/unit/orders/test_inputs.py.
SPOILED: dict[str, tuple[Spoil, Expected]] = {
    "an unknown order": (lambda order, other: {"orderId": str(uuid4())}, ("ORDER_NOT_FOUND", ["orderId"])),
    "an empty carrier": (lambda order, other: {"carrier": " "}, ("INVALID", ["carrier"])),
    "a line of another order": (lambda order, other: some(other, 1), ("LINE_NOT_FOUND", ["lines", "0", "lineId"])),
    "one unit too many": (lambda order, other: some(order, 3), ("EXCEEDS_REMAINING", ["lines", "0", "quantity"])),
}


@pytest.mark.parametrize("spoil", SPOILED)
async def test_a_spoiled_shipment_is_named_and_writes_nothing(shop: Shop, spoil: str) -> None:
    staff, variant = shipper(shop), await shop.variant()
    order, other = await confirmed(shop, variant, quantity=2), await confirmed(shop, variant)
    before = await written(shop, order["id"])
    change, expected = SPOILED[spoil]
    given = change(order, other)
    payload = await ship(staff, given.pop("orderId", order["id"]), **given)
    assert mistakes(payload) == [expected]
    assert payload["errors"][0]["message"]
    assert (payload["shipment"], payload["order"]) == (None, None)
    assert await written(shop, order["id"]) == before


MISSHAPEN: dict[str, JsonObject] = {
    "no order": {"carrier": "DHL"},
    "a null order": {"orderId": None, "carrier": "DHL"},
    "no carrier": {"orderId": "x"},
    "a null carrier": {"orderId": "x", "carrier": None},
    "a null line": {"orderId": "x", "carrier": "DHL", "lines": [None]},
    "a line without an id": {"orderId": "x", "carrier": "DHL", "lines": [{"quantity": 1}]},
    "a line without a quantity": {"orderId": "x", "carrier": "DHL", "lines": [{"lineId": "x"}]},
    "a null quantity": {"orderId": "x", "carrier": "DHL", "lines": [{"lineId": "x", "quantity": None}]},
}
MISTYPED: dict[str, JsonObject] = {
    "more than an Int": {"orderId": "x", "carrier": "DHL", "lines": [{"lineId": "x", "quantity": 2**31}]},
    "half a unit": {"orderId": "x", "carrier": "DHL", "lines": [{"lineId": "x", "quantity": 0.5}]},
}


@pytest.mark.parametrize("mistake", [*MISSHAPEN, *MISTYPED])
async def test_a_shipment_of_another_shape_is_no_valid_input(shop: Shop, mistake: str) -> None:
    answer = await shipper(shop).act("shipmentCreate", (MISSHAPEN | MISTYPED)[mistake])
    code = OF_ANOTHER_SHAPE if mistake in MISSHAPEN else "BAD_USER_INPUT"
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize(
    ("given", "code"),
    [({}, OF_ANOTHER_SHAPE), ({"shipmentId": None}, OF_ANOTHER_SHAPE), ({"shipmentId": []}, "BAD_USER_INPUT")],
)
async def test_a_delivery_of_another_shape_is_no_valid_input(shop: Shop, given: Any, code: str) -> None:
    answer = await shipper(shop).act("shipmentDeliver", given)
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize("shipment_id", ["", "x", "\0", NO_SUCH_ID])
async def test_an_unknown_shipment_is_named(shop: Shop, shipment_id: str) -> None:
    assert mistakes(await deliver(shipper(shop), shipment_id)) == [("SHIPMENT_NOT_FOUND", ["shipmentId"])]


@pytest.mark.parametrize("mutation", ["shipmentCreate", "shipmentDeliver"])
@pytest.mark.parametrize("key", ["k" * 201, "\n"])
async def test_a_key_that_is_no_key_is_refused(shop: Shop, mutation: str, key: str) -> None:
    order = await confirmed(shop, await shop.variant())
    shipment = str(uuid4())
    given = {"shipmentCreate": {"orderId": order["id"], "carrier": "DHL"}, "shipmentDeliver": {"shipmentId": shipment}}[
        mutation
    ]
    answer = await shipper(shop).act(mutation, given, key=key)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["idempotencyKey"]}


@pytest.mark.parametrize("mutation", ["shipmentCreate", "shipmentDeliver"])
async def test_only_staff_with_the_scope_may_ship(shop: Shop, mutation: str) -> None:
    given = {"shipmentCreate": {"orderId": "x", "carrier": "DHL"}, "shipmentDeliver": {"shipmentId": "x"}}[mutation]
    codes = []
    for somebody in (shop.guest(), shop.buyer(), shop.staff("orders:read", "orders:refund")):
        answer = await somebody.act(mutation, given)
        codes += [error["extensions"]["code"] for error in answer["errors"]]
    assert codes == ["UNAUTHENTICATED", "FORBIDDEN", "FORBIDDEN"]


async def test_an_order_that_is_not_confirmed_yet_is_not_shipped(shop: Shop) -> None:
    stall = Fault("RESERVE", When.BEFORE, Kind.STALL)
    buyer = shop.buyer()
    order_id = await buyer.placed(await shop.variant(stall))
    before = await written(shop, order_id)
    payload = await ship(shipper(shop), order_id)
    assert mistakes(payload) == [("WRONG_STATUS", ["orderId"])]
    assert payload["errors"][0]["message"] == "The order is PENDING; ship it when it is CONFIRMED."
    assert await written(shop, order_id) == before
    stall.go.set()
    await buyer.ended(order_id)


async def test_an_order_that_was_cancelled_is_not_shipped(shop: Shop) -> None:
    buyer = shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant(), paymentMethodId=DECLINED_CARD))
    payload = await ship(shipper(shop), order["id"])
    assert mistakes(payload) == [("WRONG_STATUS", ["orderId"])]
    assert "CANCELLED" in payload["errors"][0]["message"]


async def test_an_order_that_has_left_is_not_shipped_again(shop: Shop) -> None:
    staff = shipper(shop)
    order = await confirmed(shop, await shop.variant())
    shipment = (await ship(staff, order["id"]))["shipment"]["id"]
    assert "SHIPPED" in (await ship(staff, order["id"]))["errors"][0]["message"]
    await deliver(staff, shipment)
    payload = await ship(staff, order["id"])
    assert mistakes(payload) == [("WRONG_STATUS", ["orderId"])]
    assert "DELIVERED" in payload["errors"][0]["message"]
    assert await shop.catalogue.fetchval("SELECT count(*) FROM shipments WHERE order_id = $1", UUID(order["id"])) == 1
