"""An audit finds each kind of contradiction between stock, ledger and reservations; planted behind inventory's back."""

import pytest

from shared.ids import new_id
from shared.persistence import db
from shared.runtime.subgraph import Subgraph
from subgraphs.inventory.queries.audits import find_stock_differences
from tests.integration.inventory.builders import (
    allow_backorders,
    assert_books_agree,
    commit,
    put_back,
    reserve,
    stocked_variant,
    warehouse,
)

_MOVEMENT = "INSERT INTO movements (kind, variant_id, warehouse_id, on_hand_delta, held_delta, order_id, reason)"
PLANTED = [
    ("UPDATE stock_levels SET on_hand = on_hand + 1", {"on hand against movements"}),
    (
        "UPDATE stock_levels SET held = held - 1 WHERE held > 0",
        {"held against movements", "held against open reservations"},
    ),
    (
        "UPDATE reservations SET state = 'RELEASED' WHERE state = 'HELD'",
        {"held against open reservations", "that has ended"},
    ),
    ("DELETE FROM holds WHERE returned > 0", {"sold by movements", "returned by movements"}),
    ("UPDATE holds SET returned = 0", {"returned by movements", "against its holds"}),
    ("UPDATE stock_items SET waiting = waiting + 1", {"waited for against reservations"}),
    ("UPDATE reservation_lines SET waiting = 0", {"waited for against reservations", "against its holds"}),
    (
        "UPDATE stock_levels SET on_hand = on_hand + 2 WHERE held > 0",
        {"on hand against movements", "free pieces while orders wait"},
    ),
    (f"{_MOVEMENT} SELECT 'MOVED', variant_id, warehouse_id, 1, 0, NULL, 'x' FROM stock_levels", {"moved", "on hand"}),
    (
        f"{_MOVEMENT} SELECT 'RECEIVED', gen_random_uuid(), gen_random_uuid(), 1, 0, NULL, 'x'",
        {"on hand against movements"},
    ),
]


@pytest.mark.parametrize(("plant", "expected"), PLANTED)
async def test_a_planted_difference_is_found(inventory: Subgraph, plant: str, expected: set[str]) -> None:
    variant_id, sold, held = await stocked_variant(5), new_id(), new_id()
    await reserve(variant_id, 3, sold)
    await commit(sold)
    await put_back(sold)
    await allow_backorders(variant_id)
    await reserve(variant_id, 7, held)
    await assert_books_agree()
    await db.execute(plant)
    found = await find_stock_differences()
    missing = {what for what in expected if not any(what in difference.what for difference in found)}
    assert missing == set(), found


async def test_a_difference_says_where_and_how_much(inventory: Subgraph) -> None:
    variant_id = await stocked_variant(5)
    await db.execute("UPDATE stock_levels SET on_hand = on_hand + 2 WHERE warehouse_id = $1", await warehouse("TWO"))
    (found,) = await find_stock_differences()
    assert (found.variant_id, found.warehouse, found.found - found.expected) == (variant_id, "TWO", 2)
