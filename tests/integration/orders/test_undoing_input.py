"""What is wrong with a cancellation, a refund or a retry is named with the way out, and nothing is written."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.integration.orders.peers import AUTHENTICATING_CARD, DECLINED_CARD
from tests.integration.orders.shop import Buyer, JsonObject, Shop
from tests.subgraphs import NO_SUCH_ID, OF_ANOTHER_SHAPE

Spoil = Callable[[JsonObject, JsonObject], JsonObject]
Expected = tuple[str, list[str]]
TABLES = ("orders", "sagas", "refunds", "refund_lines", "order_status_history", "outbox", "idempotency")
SCOPES = ("orders:cancel", "orders:refund", "orders:retry")


def amount(text: str, currency: str = "EUR") -> JsonObject:
    return {"amount": {"amount": text, "currency": currency}}


def line_of(order: JsonObject, quantity: int) -> JsonObject:
    return {"lines": [{"lineId": order["lines"][0]["id"], "quantity": quantity}]}


# What can be told without the order is read in tests/unit/orders/test_inputs.py.
REFUNDS: dict[str, tuple[Spoil, Expected]] = {
    "an unknown order": (lambda order, other: {"orderId": str(uuid4())}, ("ORDER_NOT_FOUND", ["orderId"])),
    "an empty reason": (lambda order, other: {"reason": " \n"}, ("INVALID", ["reason"])),
    "lines and an amount": (lambda order, other: {**line_of(order, 1), **amount("1.00")}, ("INVALID", ["amount"])),
    "a cent too much": (lambda order, other: amount("39.81"), ("EXCEEDS_REMAINING", ["amount", "amount"])),
    "another currency": (lambda order, other: amount("1.00", "USD"), ("CURRENCY_MISMATCH", ["amount", "currency"])),
    "a line of another order": (lambda order, other: line_of(other, 1), ("LINE_NOT_FOUND", ["lines", "0", "lineId"])),
    "one unit too many": (lambda order, other: line_of(order, 3), ("EXCEEDS_REMAINING", ["lines", "0", "quantity"])),
}


NO_DECIMALS = (
    "9" * 30,
    "9" * 10_000,
    "1." + "9" * 28,
    "1e999999",
    "1e1",
    "1_0.0_0",
    "\uff11.00",
    " 1",
    "1 ",
    "1\n",
    "1.",
    ".5",
    "",
)


@pytest.mark.parametrize("digits", NO_DECIMALS)
async def test_what_is_no_decimal_is_refused_as_a_literal_too(shop: Shop, digits: str) -> None:
    money = f'{{amount: {json.dumps(digits)}, currency: "EUR"}}'
    given = f'input: {{orderId: "{NO_SUCH_ID}", reason: "broken", amount: {money}}}, idempotencyKey: "{uuid4()}"'
    staff = shop.staff(*SCOPES)
    answer = await shop.orders.graphql(
        f"mutation {{ orderRefund({given}) {{ errors {{ code }} }} }}", token=staff.token
    )
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("digits", NO_DECIMALS)
async def test_what_is_no_decimal_is_refused_by_its_type(shop: Shop, digits: str) -> None:
    order = await confirmed(shop)
    before = await written(shop)
    answer = await shop.staff(*SCOPES).act(
        "orderRefund", {"orderId": order["id"], "reason": "broken", **amount(digits)}
    )
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "amount.amount" in error["message"]
    assert await written(shop) == before


async def confirmed(shop: Shop, quantity: int = 1, buyer: Buyer | None = None) -> JsonObject:
    buyer = buyer or shop.buyer()
    order = await buyer.ended(await buyer.placed(await shop.variant(), quantity=quantity))
    assert order["status"] == "CONFIRMED"
    return order


async def written(shop: Shop) -> list[int]:
    """How many rows there are: a refused request adds none."""
    return [await shop.catalogue.fetchval(f"SELECT count(*) FROM {table}") for table in TABLES]


async def mistake(buyer: Buyer, mutation: str, given: JsonObject) -> Expected:
    """The one mistake of a mutation, whose message is not empty."""
    payload = (await buyer.act(mutation, given))["data"]["it"]
    (error,) = payload["errors"]
    assert error["message"]
    assert payload["order"] is None
    return error["code"], error["field"]


@pytest.mark.parametrize("spoil", REFUNDS)
async def test_a_spoiled_refund_is_named_and_writes_nothing(shop: Shop, spoil: str) -> None:
    staff, order, other = shop.staff(*SCOPES), await confirmed(shop, quantity=2), await confirmed(shop)
    before = await written(shop)
    change, expected = REFUNDS[spoil]
    given = {"orderId": order["id"], "reason": "broken", **change(order, other)}
    assert await mistake(staff, "orderRefund", given) == expected
    assert await written(shop) == before


@pytest.mark.parametrize("mutation", ["orderCancel", "orderRetry", "orderRefund"])
@pytest.mark.parametrize("order_id", ["x", NO_SUCH_ID])
async def test_an_order_that_is_none_is_missing(shop: Shop, mutation: str, order_id: str) -> None:
    before = await written(shop)
    given = {"orderId": order_id} | ({"reason": "broken"} if mutation == "orderRefund" else {})
    assert await mistake(shop.staff(*SCOPES), mutation, given) == ("ORDER_NOT_FOUND", ["orderId"])
    assert await written(shop) == before


async def test_somebody_elses_order_can_not_be_cancelled_and_answers_as_a_missing_one(shop: Shop) -> None:
    order, other = await confirmed(shop), shop.staff("orders:refund", "orders:read")
    foreign = (await other.act("orderCancel", {"orderId": order["id"]}))["data"]["it"]
    missing = (await other.act("orderCancel", {"orderId": str(uuid4())}))["data"]["it"]
    assert foreign == missing
    assert await shop.catalogue.fetchval("SELECT status FROM orders WHERE id = $1", UUID(order["id"])) == "CONFIRMED"


@pytest.mark.parametrize("mutation", ["orderCancel", "orderRetry", "orderRefund"])
async def test_a_mutation_of_somebody_who_may_not_is_refused_and_writes_nothing(shop: Shop, mutation: str) -> None:
    buyer = shop.buyer()
    order = await confirmed(shop, buyer=buyer)
    before = await written(shop)
    given = {"orderId": order["id"]} | ({"reason": "broken"} if mutation == "orderRefund" else {})
    unknown = await shop.guest().act(mutation, given)
    assert unknown["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    if mutation != "orderCancel":
        refused = await buyer.act(mutation, given)
        assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await written(shop) == before


MISSHAPEN: list[tuple[str, JsonObject]] = [
    ("orderCancel", {}),
    ("orderCancel", {"orderId": None}),
    ("orderRetry", {}),
    ("orderRetry", {"orderId": None}),
    ("orderRefund", {"orderId": "ID"}),
    ("orderRefund", {"orderId": "ID", "reason": None}),
    ("orderRefund", {"reason": "broken"}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "restock": None}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "lines": [None]}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "lines": [{"quantity": 1}]}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "lines": [{"lineId": "ID", "quantity": None}]}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "amount": {"amount": "1.00"}}),
]
MISTYPED: list[tuple[str, JsonObject]] = [
    ("orderCancel", {"orderId": "ID", "reason": 5}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "lines": [{"lineId": "ID", "quantity": 1.5}]}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "lines": [{"lineId": "ID", "quantity": 2**31}]}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "amount": {"amount": 1.0, "currency": "EUR"}}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "amount": {"amount": "NaN", "currency": "EUR"}}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "amount": {"amount": "", "currency": "EUR"}}),
    ("orderRefund", {"orderId": "ID", "reason": "broken", "amount": {"amount": "1.00", "currency": "euro"}}),
]


@pytest.mark.parametrize(
    ("mutation", "given", "code"),
    [(*each, OF_ANOTHER_SHAPE) for each in MISSHAPEN] + [(*each, "BAD_USER_INPUT") for each in MISTYPED],
)
async def test_what_the_contract_forbids_is_no_valid_input(
    shop: Shop, mutation: str, given: JsonObject, code: str
) -> None:
    before = await written(shop)
    answer = await shop.staff(*SCOPES).act(mutation, given)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
    assert await written(shop) == before


@pytest.mark.parametrize("mutation", ["orderCancel", "orderRetry", "orderRefund"])
@pytest.mark.parametrize("key", ["", "x" * 201, "a\0b"])
async def test_a_spoiled_key_is_bad_input_and_writes_nothing(shop: Shop, mutation: str, key: str) -> None:
    staff, order = shop.staff(*SCOPES), await confirmed(shop)
    before = await written(shop)
    given = {"orderId": order["id"]} | ({"reason": "broken"} if mutation == "orderRefund" else {})
    document = (
        f"mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!, $key: String!)"
        f" {{ {mutation}(input: $input, idempotencyKey: $key) {{ order {{ id }} }} }}"
    )
    answer = await shop.orders.graphql(document, {"input": given, "key": key}, staff.token)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["idempotencyKey"]}
    assert await written(shop) == before


async def ended_as(shop: Shop, status: str) -> JsonObject:
    """An order in a status that it came to by itself, or, where others bring it about, was put into."""
    buyer = shop.buyer()
    match status:
        case "CANCELLED":
            return await buyer.becomes(await buyer.placed(await shop.variant(), paymentMethodId=DECLINED_CARD), status)
        case "AWAITING_PAYMENT_ACTION":
            return await buyer.becomes(
                await buyer.placed(await shop.variant(), paymentMethodId=AUTHENTICATING_CARD), status
            )
    order = await confirmed(shop, buyer=buyer)
    await shop.catalogue.execute("UPDATE orders SET status = $2 WHERE id = $1", UUID(order["id"]), status)
    return order


@pytest.mark.parametrize(
    ("mutation", "statuses"),
    [
        ("orderCancel", ["SHIPPED", "CANCELLED"]),
        ("orderRefund", ["AWAITING_PAYMENT_ACTION", "CANCELLED"]),
        ("orderRetry", ["CONFIRMED"]),
    ],
)
async def test_a_status_that_does_not_allow_it_is_named(shop: Shop, mutation: str, statuses: list[str]) -> None:
    staff = shop.staff(*SCOPES)
    for status in statuses:
        order = await ended_as(shop, status)
        given: dict[str, Any] = {"orderId": order["id"]} | ({"reason": "broken"} if mutation == "orderRefund" else {})
        (error,) = (await staff.act(mutation, given))["data"]["it"]["errors"]
        assert (error["code"], error["field"]) == ("WRONG_STATUS", ["orderId"])
        assert f"The order is {status}" in error["message"]
        assert await shop.catalogue.fetchval("SELECT count(*) FROM refunds WHERE order_id = $1", UUID(order["id"])) == 0
