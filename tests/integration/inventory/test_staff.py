"""What staff do to stock, over GraphQL as the router asks."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio

from shared.ids import new_id
from tests.identity import Issuer
from tests.integration.inventory.staff import MUTATIONS, Staff, new_staff
from tests.subgraphs import OF_ANOTHER_SHAPE, Running


@pytest_asyncio.fixture
async def staff(inventory_process: Running, issuer: Issuer) -> Staff:
    """Somebody with a variant: 10 units in one warehouse, 4 of them held."""
    return await new_staff(inventory_process, issuer)


def good_inputs(staff: Staff) -> dict[str, dict[str, Any]]:
    """An input of each mutation that would be carried out."""
    here, there = staff.warehouse_ids
    return {
        "stockReceive": {"variantId": staff.variant_id, "warehouseId": here, "quantity": 5, "reason": "note 17"},
        "stockAdjust": {"variantId": staff.variant_id, "warehouseId": here, "delta": -2, "reason": "lost"},
        "stockTransfer": {
            "variantId": staff.variant_id,
            "fromWarehouseId": here,
            "toWarehouseId": there,
            "quantity": 3,
            "reason": "nearer",
        },
        "stockSetPolicy": {
            "variantId": staff.variant_id,
            "lowStockThreshold": 3,
            "backorder": {"isAllowed": True, "limit": 9},
        },
    }


async def test_what_comes_in_lies_there_and_the_ledger_says_who_and_why(staff: Staff) -> None:
    payload = await staff.done("stockReceive", good_inputs(staff)["stockReceive"])
    level = {"warehouse": {"id": staff.warehouse_ids[0]}, "onHand": 15, "held": 4, "available": 11}
    assert payload == {"levels": [level], "errors": []}
    movements = (
        await staff.variant(
            "{ stockMovements(first: 1) { nodes { kind onHandDelta heldDelta reason actorId orderId } } }"
        )
    )["stockMovements"]
    (movement,) = movements["nodes"]
    assert movement == {
        "kind": "RECEIVED",
        "onHandDelta": 5,
        "heldDelta": 0,
        "reason": "note 17",
        "actorId": str(staff.user_id),
        "orderId": None,
    }


async def test_a_correction_takes_what_is_free_and_never_what_is_held(staff: Staff) -> None:
    adjust = good_inputs(staff)["stockAdjust"]
    assert (await staff.done("stockAdjust", {**adjust, "delta": -6}))["levels"][0]["available"] == 0
    (error,) = (await staff.done("stockAdjust", {**adjust, "delta": -1}))["errors"]
    assert (error["code"], error["field"]) == ("NOT_ENOUGH_STOCK", ["delta"])
    assert "take 0 at most" in error["message"]


async def test_no_more_fits_into_a_warehouse_that_is_more_than_full_since_units_came_back(staff: Staff) -> None:
    connection = await asyncpg.connect(staff.process.environment["INVENTORY_DATABASE_URL"])
    overfull = "UPDATE stock_levels SET on_hand = 10000004 WHERE variant_id = $1 AND warehouse_id = $2"
    await connection.execute(overfull, UUID(staff.variant_id), UUID(staff.warehouse_ids[0]))
    await connection.close()
    (error,) = (await staff.done("stockReceive", good_inputs(staff)["stockReceive"]))["errors"]
    assert (error["code"], error["field"]) == ("QUANTITY_OUT_OF_RANGE", ["quantity"])
    assert "0 more fit in" in error["message"]


async def test_a_transfer_moves_units_to_where_the_variant_never_was(staff: Staff) -> None:
    payload = await staff.done("stockTransfer", good_inputs(staff)["stockTransfer"])
    assert [(level["warehouse"]["id"], level["onHand"]) for level in payload["levels"]] == [
        (staff.warehouse_ids[0], 7),
        (staff.warehouse_ids[1], 3),
    ]
    (error,) = (await staff.done("stockTransfer", {**good_inputs(staff)["stockTransfer"], "quantity": 4}))["errors"]
    assert (error["code"], error["field"]) == ("NOT_ENOUGH_STOCK", ["quantity"])


async def test_rules_are_set_one_by_one(staff: Staff) -> None:
    given = {"variantId": staff.variant_id}
    backorder = {"isAllowed": True, "availableFrom": "2999-12-01", "limit": 7}
    await staff.done("stockSetPolicy", {**given, "backorder": backorder})
    payload = await staff.done("stockSetPolicy", {**given, "lowStockThreshold": 2})
    assert payload == {"policy": {"lowStockThreshold": 2, "backorder": {**backorder, "waiting": 0}}, "errors": []}
    taken = {**good_inputs(staff)["stockAdjust"], "delta": -6}
    await staff.done("stockAdjust", taken)
    shown = (await staff.variant("{ stock { available status availableFrom } }"))["stock"]
    assert shown == {"available": 0, "status": "BACKORDER", "availableFrom": "2999-12-01"}


@pytest.mark.parametrize("mutation", ["stockReceive", "stockAdjust", "stockTransfer"])
async def test_a_key_sent_fifty_times_at_once_moves_stock_once(staff: Staff, mutation: str) -> None:
    given, key = good_inputs(staff)[mutation], str(new_id())
    before = len((await staff.everything())["stockMovements"]["nodes"])
    payloads = await asyncio.gather(*(staff.done(mutation, given, key) for _ in range(50)))
    assert all(payload == payloads[0] for payload in payloads)
    assert len((await staff.everything())["stockMovements"]["nodes"]) == before + (
        2 if mutation == "stockTransfer" else 1
    )
    other = await staff.ask(mutation, {**given, "reason": "another"}, key)
    assert other["errors"][0]["extensions"]["code"] == "CONFLICT"


@pytest.mark.parametrize("mutation", MUTATIONS)
async def test_stock_is_staffs_alone(staff: Staff, issuer: Issuer, mutation: str) -> None:
    before = await staff.everything()
    reader = issuer.token(scope="inventory:read")
    for token, code in ((issuer.token(), "FORBIDDEN"), (reader, "FORBIDDEN"), ("nonsense", "UNAUTHENTICATED")):
        answer = await staff.ask(mutation, good_inputs(staff)[mutation], token=token)
        assert answer["errors"][0]["extensions"]["code"] == code
    assert await staff.everything() == before


WRONG_IDS = ["", "nonsense", str(new_id())]
MISTAKES = [
    *(("stockReceive", {"variantId": its}, "VARIANT_NOT_FOUND", ["variantId"]) for its in WRONG_IDS),
    *(("stockReceive", {"warehouseId": its}, "WAREHOUSE_NOT_FOUND", ["warehouseId"]) for its in WRONG_IDS),
    *(
        ("stockReceive", {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ["quantity"])
        for its in (0, -1, 1_000_001, 2**31 - 1)
    ),
    *(("stockReceive", {"reason": its}, "INVALID", ["reason"]) for its in ("\u200b", "x" * 501, "\u0000")),
    *(("stockAdjust", {"variantId": its}, "VARIANT_NOT_FOUND", ["variantId"]) for its in WRONG_IDS),
    *(("stockAdjust", {"warehouseId": its}, "WAREHOUSE_NOT_FOUND", ["warehouseId"]) for its in WRONG_IDS),
    *(("stockAdjust", {"delta": its}, "QUANTITY_OUT_OF_RANGE", ["delta"]) for its in (0, -(2**31), 2**31 - 1)),
    *(("stockAdjust", {"delta": its}, "NOT_ENOUGH_STOCK", ["delta"]) for its in (-7, -1_000_000)),
    *(("stockAdjust", {"reason": its}, "INVALID", ["reason"]) for its in ("", " ", "x" * 501)),
    *(("stockTransfer", {"variantId": its}, "VARIANT_NOT_FOUND", ["variantId"]) for its in WRONG_IDS),
    *(("stockTransfer", {"fromWarehouseId": its}, "WAREHOUSE_NOT_FOUND", ["fromWarehouseId"]) for its in WRONG_IDS),
    *(("stockTransfer", {"toWarehouseId": its}, "WAREHOUSE_NOT_FOUND", ["toWarehouseId"]) for its in WRONG_IDS),
    *(("stockTransfer", {"quantity": its}, "QUANTITY_OUT_OF_RANGE", ["quantity"]) for its in (0, -1, 2**31 - 1)),
    ("stockTransfer", {"quantity": 7}, "NOT_ENOUGH_STOCK", ["quantity"]),
    ("stockTransfer", {"reason": "\u200b"}, "INVALID", ["reason"]),
    *(("stockSetPolicy", {"variantId": its}, "VARIANT_NOT_FOUND", ["variantId"]) for its in WRONG_IDS),
    *(
        ("stockSetPolicy", {"lowStockThreshold": its}, "QUANTITY_OUT_OF_RANGE", ["lowStockThreshold"])
        for its in (-1, 2**31 - 1)
    ),
    ("stockSetPolicy", {"lowStockThreshold": None, "backorder": None}, "INVALID", ["lowStockThreshold"]),
    *(
        (
            "stockSetPolicy",
            {"backorder": {"isAllowed": True, "limit": its}},
            "QUANTITY_OUT_OF_RANGE",
            ["backorder", "limit"],
        )
        for its in (0, -1, 2**31 - 1)
    ),
    (
        "stockSetPolicy",
        {"backorder": {"isAllowed": True, "availableFrom": "2020-01-01"}},
        "INVALID",
        ["backorder", "availableFrom"],
    ),
    ("stockSetPolicy", {"backorder": {"isAllowed": False, "limit": 1}}, "INVALID", ["backorder", "isAllowed"]),
]


@pytest.mark.parametrize(("mutation", "change", "code", "field"), MISTAKES)
async def test_a_mistake_is_named_and_writes_nothing(
    staff: Staff, mutation: str, change: dict[str, Any], code: str, field: list[str]
) -> None:
    before = await staff.everything()
    payload = await staff.done(mutation, {**good_inputs(staff)[mutation], **change})
    assert [(error["code"], error["field"]) for error in payload["errors"]] == [(code, field)]
    assert payload.get("levels") is None
    assert payload.get("policy") is None
    assert all(len(error["message"]) > 20 for error in payload["errors"])
    assert await staff.everything() == before


async def test_nothing_can_be_moved_to_where_it_is(staff: Staff) -> None:
    before = await staff.everything()
    given = {**good_inputs(staff)["stockTransfer"], "toWarehouseId": staff.warehouse_ids[0]}
    (error,) = (await staff.done("stockTransfer", given))["errors"]
    assert (error["code"], error["field"]) == ("SAME_WAREHOUSE", ["toWarehouseId"])
    assert await staff.everything() == before


async def test_a_warehouse_that_is_full_takes_no_more(staff: Staff) -> None:
    receive = good_inputs(staff)["stockReceive"]
    for _ in range(9):
        await staff.done("stockReceive", {**receive, "quantity": 1_000_000})
    (error,) = (await staff.done("stockReceive", {**receive, "quantity": 1_000_000}))["errors"]
    assert (error["code"], error["field"]) == ("QUANTITY_OUT_OF_RANGE", ["quantity"])
    assert "999990 more" in error["message"]


REQUIRED = {
    "stockReceive": ("variantId", "warehouseId", "quantity"),
    "stockAdjust": ("variantId", "warehouseId", "delta", "reason"),
    "stockTransfer": ("variantId", "fromWarehouseId", "toWarehouseId", "quantity"),
    "stockSetPolicy": ("variantId",),
}


@pytest.mark.parametrize(
    ("mutation", "field"), [(mutation, field) for mutation in REQUIRED for field in REQUIRED[mutation]]
)
async def test_what_the_types_reject_is_named_and_writes_nothing(staff: Staff, mutation: str, field: str) -> None:
    before, good = await staff.everything(), good_inputs(staff)[mutation]
    for given in ({name: value for name, value in good.items() if name != field}, {**good, field: None}):
        (error,) = (await staff.ask(mutation, given))["errors"]
        assert error["extensions"]["code"] == OF_ANOTHER_SHAPE
    for given in ({**good, field: {}}, {**good, field: 2**40 if type(good[field]) is int else []}):
        (error,) = (await staff.ask(mutation, given))["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert field in error["message"]
    assert await staff.everything() == before


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-01", 5, "2026-11-22T10:00:00Z"])
async def test_a_day_that_is_none_is_rejected(staff: Staff, day: object) -> None:
    given = {"variantId": staff.variant_id, "backorder": {"isAllowed": True, "availableFrom": day}}
    (error,) = (await staff.ask("stockSetPolicy", given))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "availableFrom" in error["message"]


@pytest.mark.parametrize("key", ["", "x" * 201, "\n"])
async def test_a_bad_key_is_rejected(staff: Staff, key: str) -> None:
    before = await staff.everything()
    answer = await staff.process.graphql(
        MUTATIONS["stockReceive"], {"input": good_inputs(staff)["stockReceive"], "key": key}, staff.token
    )
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": ["idempotencyKey"]}
    assert await staff.everything() == before


async def test_movements_are_read_page_by_page_latest_first(staff: Staff) -> None:
    for _ in range(4):
        await staff.done("stockReceive", good_inputs(staff)["stockReceive"])
    page = "edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor }"
    first = (await staff.variant(f"{{ stockMovements(first: 4) {{ {page} }} }}"))["stockMovements"]
    assert first["pageInfo"]["hasNextPage"]
    cursor = first["pageInfo"]["endCursor"]
    second = (await staff.variant(f'{{ stockMovements(first: 4, after: "{cursor}") {{ {page} }} }}'))["stockMovements"]
    ids = [int(movement["id"]) for movement in (*first["nodes"], *second["nodes"])]
    assert len(ids) == 6
    assert ids == sorted(ids, reverse=True)
    assert not second["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    "arguments",
    ["first: 0", "first: 101", 'after: "nonsense"', 'after: "WyJhIl0"', 'after: "WzE4NDQ2NzQ0MDczNzA5NTUxNjE1XQ"'],
)
async def test_a_bad_page_of_movements_is_rejected(staff: Staff, arguments: str) -> None:
    selection = f"{{ stockMovements({arguments}) {{ nodes {{ id }} }} }}"
    answer = await staff.process.entities("ProductVariant", [staff.variant_id], selection, staff.token)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_the_movements_of_many_variants_take_one_statement(staff: Staff, issuer: Issuer) -> None:
    other = await new_staff(staff.process, issuer)
    selection = "{ id stockMovements(first: 5) { nodes { kind } } }"
    ids = [staff.variant_id, other.variant_id]
    labels = {"operation": "query _entities(ProductVariant)"}
    before = await staff.process.metric("mercato_sql_statements_total", **labels)
    answer = await staff.process.entities("ProductVariant", ids, selection, staff.token)
    assert [len(entity["stockMovements"]["nodes"]) for entity in answer["data"]["_entities"]] == [2, 2]
    assert await staff.process.metric("mercato_sql_statements_total", **labels) == before + 2
