"""What staff do to stock, without a server."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from shared.errors import Rejections
from subgraphs.inventory.commands.adjust_stock import AdjustStock, adjust_stock
from subgraphs.inventory.commands.receive_stock import ReceiveStock, receive_stock
from subgraphs.inventory.commands.set_available import SetAvailable, set_available
from subgraphs.inventory.commands.set_policy import SetPolicy, set_policy
from subgraphs.inventory.commands.transfer_stock import TransferStock, transfer_stock
from subgraphs.inventory.domain.filling import Demand
from subgraphs.inventory.domain.rejections import NotEnoughStock, VariantNotFound, WarehouseFull, WarehouseNotFound
from subgraphs.inventory.domain.stock import MOST_ON_HAND, Backorders, MovementKind
from subgraphs.inventory.domain.warehouse import WarehouseLevel
from tests.fakes.stock import InventoryTwin
from tests.unit.inventory.shop import HAMBURG, LYON, STAFF, available, commit, inventory, reserve, stocked, told


@pytest.fixture
def twin() -> InventoryTwin:
    return inventory()


def receipt(variant_id: UUID, units: int, warehouse_id: UUID = HAMBURG.id) -> ReceiveStock:
    return ReceiveStock(variant_id, warehouse_id, units, "delivery", STAFF)


async def test_units_that_come_in_are_on_hand_and_told(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, 7)
    assert await twin.perform(receive_stock, receipt(variant_id, 5)) == [WarehouseLevel(HAMBURG, 12, 0)]
    assert [(each["available"], each["version"]) for each in told(twin, "StockChanged")] == [(12, 1)]
    (movement,) = twin.stock.movements
    assert (movement.kind, movement.on_hand, movement.cause.actor_id) == (MovementKind.RECEIVED, 5, STAFF)


async def test_a_warehouse_where_a_variant_never_was_gets_a_level(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, 7)
    assert await twin.perform(receive_stock, receipt(variant_id, 2, LYON.id)) == [WarehouseLevel(LYON, 2, 0)]
    assert available(twin, variant_id) == 9


async def test_all_that_is_unknown_is_told_at_once_and_nothing_is_changed(twin: InventoryTwin) -> None:
    with pytest.raises(Rejections) as rejected:
        await twin.perform(receive_stock, receipt(uuid4(), 5, uuid4()))
    assert [type(each) for each in rejected.value.rejections] == [VariantNotFound, WarehouseNotFound]
    assert not twin.stock.on_hand


async def test_a_full_warehouse_takes_nothing(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, MOST_ON_HAND - 3)
    with pytest.raises(WarehouseFull) as rejected:
        await twin.perform(receive_stock, receipt(variant_id, 4))
    assert rejected.value.room == 3


async def test_units_that_come_in_go_first_to_the_orders_that_wait(twin: InventoryTwin) -> None:
    variant_id, order_id = stocked(twin, 1, Backorders(is_allowed=True)), uuid4()
    await reserve(twin, order_id, Demand(uuid4(), variant_id, 3))
    await commit(twin, order_id)
    await twin.perform(receive_stock, receipt(variant_id, 5))
    assert (available(twin, variant_id), twin.stock.items[variant_id].waiting) == (3, 0)
    assert [line["waiting"] for each in told(twin, "BackorderChanged") for line in each["lines"]] == [0]  # type: ignore[attr-defined]


async def test_what_is_held_cannot_be_adjusted_away_nor_moved(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, 5)
    await reserve(twin, uuid4(), Demand(uuid4(), variant_id, 4))
    with pytest.raises(NotEnoughStock) as adjusted:
        await twin.perform(adjust_stock, AdjustStock(variant_id, HAMBURG.id, -2, "lost", STAFF))
    with pytest.raises(NotEnoughStock):
        await twin.perform(transfer_stock, TransferStock(variant_id, HAMBURG.id, LYON.id, 2, "moved", STAFF))
    assert adjusted.value.available == 1
    assert await twin.perform(adjust_stock, AdjustStock(variant_id, HAMBURG.id, -1, "lost", STAFF)) == [
        WarehouseLevel(HAMBURG, 4, 4)
    ]


async def test_a_transfer_changes_where_units_lie_and_not_how_many_there_are(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, 5)
    levels = await twin.perform(transfer_stock, TransferStock(variant_id, HAMBURG.id, LYON.id, 2, "moved", STAFF))
    assert levels == [WarehouseLevel(HAMBURG, 3, 0), WarehouseLevel(LYON, 2, 0)]
    assert told(twin, "StockChanged") == []


@pytest.mark.parametrize("units", [0, 2, 9])
async def test_stock_can_be_put_to_a_number_beside_what_is_held(twin: InventoryTwin, units: int) -> None:
    variant_id = stocked(twin, 5)
    await reserve(twin, uuid4(), Demand(uuid4(), variant_id, 4))
    await twin.perform(set_available, SetAvailable(variant_id, units, "counted"))
    assert available(twin, variant_id) == units


async def test_rules_that_shoppers_notice_are_told_and_others_are_not(twin: InventoryTwin) -> None:
    variant_id = stocked(twin, 5)
    await twin.perform(set_policy, SetPolicy(variant_id, 2, None, STAFF))
    assert told(twin, "StockChanged") == []
    rules = Backorders(is_allowed=True, available_from=date(2026, 12, 1), limit=3)
    changed = await twin.perform(set_policy, SetPolicy(variant_id, None, rules, STAFF))
    assert (changed.low_stock_threshold, changed.backorders) == (2, rules)
    (event,) = told(twin, "StockChanged")
    assert (event["version"], event["expectedFrom"]) == (1, date(2026, 12, 1))


async def test_rules_of_a_variant_that_is_not_there_are_rejected(twin: InventoryTwin) -> None:
    with pytest.raises(VariantNotFound):
        await twin.perform(set_policy, SetPolicy(uuid4(), 2, None, STAFF))
    with pytest.raises(VariantNotFound):
        await twin.perform(set_available, SetAvailable(uuid4(), 2, "counted"))
