"""What inventory shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from ariadne import ObjectType, QueryType
from ariadne.types import SchemaBindable

from shared.errors import BadUserInput
from shared.graphql.context import Info, RequestContext
from shared.graphql.dataloader import data_loader
from shared.graphql.federation import Entity
from shared.graphql.pagination import Connection, no_cursor, page_request
from subgraphs.inventory.domain.shipping import MOST_UNITS, ShippingEstimate, shipping_estimate
from subgraphs.inventory.domain.warehouse import Warehouse
from subgraphs.inventory.queries.movements import MovementView, movement_pages
from subgraphs.inventory.queries.stock import VariantStock, stock_by_variant
from subgraphs.inventory.queries.warehouses import all_warehouses


class StockQueries:
    """Warehouses, and inventory's fields of variants."""

    def bindables(self) -> Sequence[SchemaBindable]:
        """The resolvers."""
        query, variant = QueryType(), ObjectType("ProductVariant")
        query.set_field("warehouses", self._warehouses)
        variant.set_field("stockMovements", self._movements)
        variant.set_field("shippingEstimate", self._shipping_estimate)
        return query, variant

    async def _warehouses(self, _: object, info: Info) -> list[Warehouse]:
        return await all_warehouses()

    async def _movements(
        self, its: VariantStock, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[MovementView]:
        page = page_request(first, after, 1, "ProductVariant.stockMovements", its.id)
        if page.after is not None and not _is_movement_id(page.after[0]):
            raise no_cursor()
        return await data_loader(info.context, page, partial(movement_pages, page)).get(its.id)

    def _shipping_estimate(self, its: VariantStock, info: Info, quantity: int | None = None) -> ShippingEstimate | None:
        units = 1 if quantity is None else quantity
        if not 1 <= units <= MOST_UNITS:
            raise BadUserInput(f"quantity is {units}; it must be 1 to {MOST_UNITS}.", ("quantity",))
        return None if its.weight_grams is None else shipping_estimate(its.weight_grams, units)


def _is_movement_id(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


async def load_variants(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, VariantStock]:
    """The stock of the variants that another subgraph lists. Everybody may see it."""
    return await stock_by_variant(ids)


def _weighed(stock: VariantStock, required: Mapping[str, Any]) -> VariantStock:
    return replace(stock, weight_grams=required.get("weight_grams"))


ENTITIES = (Entity("ProductVariant", VariantStock, load_variants, _weighed),)
