"""Inventory's part of the supergraph; the contract is ``schema/inventory.graphql``."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ariadne import QueryType

from shared.graphql.context import Info, RequestContext
from shared.graphql.federation import Entity
from subgraphs.inventory.queries.stock import VariantStock, WarehouseView, all_warehouses, stock_by_variant

query = QueryType()


@query.field("warehouses")
async def resolve_warehouses(_: object, info: Info) -> list[WarehouseView]:
    """All warehouses; the SDL asks for a scope."""
    return await all_warehouses()


async def load_variants(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, VariantStock]:
    """The stock of the variants that another subgraph lists. Everybody may see it."""
    return await stock_by_variant(ids)


BINDABLES = (query,)
ENTITIES = (Entity("ProductVariant", VariantStock, load_variants),)
