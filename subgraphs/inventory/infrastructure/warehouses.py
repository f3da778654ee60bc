"""Warehouses in Postgres."""

from collections.abc import Collection, Mapping
from uuid import UUID

from shared.persistence import db
from subgraphs.inventory.domain.warehouse import Warehouse

_BY_IDS = "SELECT id, code, name, country, priority FROM warehouses WHERE id = ANY(:ids::uuid[])"


class PostgresWarehouses:
    """The port Warehouses, in the task's transaction."""

    async def by_ids(self, warehouse_ids: Collection[UUID]) -> Mapping[UUID, Warehouse]:
        rows = await db.fetch(_BY_IDS, ids=list(warehouse_ids))
        return {row["id"]: Warehouse(**row) for row in rows}
