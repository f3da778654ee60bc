"""Stocks the demonstration shop."""

import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from uuid import UUID

from seeds.catalogue import catalogue
from seeds.stock import stock_of, warehouses
from shared.persistence import db
from shared.persistence.outbox import publish_many
from subgraphs.inventory.domain.events import stock_changed
from subgraphs.inventory.domain.stock import Item, MovementKind
from subgraphs.inventory.infrastructure.tables import Warehouse

_BATCH = 5_000

Levels = list[tuple[UUID, UUID, int]]  # variant, warehouse, units


async def seed(products: int) -> None:
    """Stocks the first ``products`` products of the catalogue in two warehouses; variants that have stock keep it."""
    async with db.transaction():
        for warehouse in warehouses():
            await Warehouse.get_or_create(
                id=warehouse.id, defaults={"code": warehouse.code, "name": warehouse.name, "country": warehouse.country}
            )
        known = {row["variant_id"] for row in await db.fetch("SELECT variant_id FROM stock_items")}
        for batch in _batched(_opening_stock(products, known)):
            await _insert(batch)


def _opening_stock(products: int, known: set[UUID]) -> Iterator[Levels]:
    for product in catalogue(products):
        for variant in product.variants:
            if variant.id not in known:
                yield [(variant.id, warehouse_id, units) for warehouse_id, units in stock_of(variant)]


def _batched(stock: Iterator[Levels]) -> Iterator[list[Levels]]:
    while batch := list(itertools.islice(stock, _BATCH)):
        yield batch


async def _insert(batch: list[Levels]) -> None:
    levels = list(itertools.chain.from_iterable(batch))
    await db.copy_rows("stock_items", ("variant_id", "version"), [(of_variant[0][0], 1) for of_variant in batch])
    await db.copy_rows("stock_levels", ("variant_id", "warehouse_id", "on_hand"), levels)
    await db.copy_rows(
        "movements",
        ("kind", "variant_id", "warehouse_id", "on_hand_delta", "held_delta", "reason"),
        [(MovementKind.RECEIVED, *level, 0, "opening stock") for level in levels if level[2] > 0],
    )
    now = datetime.now(UTC)
    await publish_many(stock_changed(Item(of_variant[0][0]), 1, _total(of_variant), now) for of_variant in batch)


def _total(levels: Iterable[tuple[UUID, UUID, int]]) -> int:
    return sum(units for _, _, units in levels)
