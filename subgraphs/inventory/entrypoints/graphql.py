"""Inventory's part of the supergraph; the contract is ``schema/inventory.graphql``."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ariadne import MutationType, ObjectType, QueryType

from shared.days import today
from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.federation import Entity
from shared.graphql.mutations import payload
from shared.graphql.pagination import Connection, no_cursor, page_request
from subgraphs.inventory.commands.change_stock import adjust_stock, receive_stock, transfer_stock
from subgraphs.inventory.commands.set_policy import set_policy
from subgraphs.inventory.domain.requests import checked_adjustment, checked_policy, checked_receipt, checked_transfer
from subgraphs.inventory.domain.stock import Backorders
from subgraphs.inventory.queries.movements import MovementView
from subgraphs.inventory.queries.stock import VariantStock, policy_view, stock_by_variant
from subgraphs.inventory.queries.warehouses import WarehouseView, all_warehouses

Input = Mapping[str, Any]

query = QueryType()
mutation = MutationType()
variant = ObjectType("ProductVariant")


@query.field("warehouses")
async def resolve_warehouses(_: object, info: Info) -> list[WarehouseView]:
    """All warehouses; the SDL asks for a scope."""
    return await all_warehouses()


@variant.field("stockMovements")
async def resolve_movements(
    its: VariantStock, info: Info, first: int | None = None, after: str | None = None
) -> Connection[MovementView]:
    """A page of the variant's ledger."""
    page = page_request(first, after, 1, "ProductVariant.stockMovements", its.id)
    if page.after is not None and not _is_movement_id(page.after[0]):
        raise no_cursor()
    return await its.pages.page(its.id, page)


@mutation.field("stockReceive")
@payload
async def resolve_receive(_: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
    """Books pieces that came in."""
    return {"levels": await receive_stock(checked_receipt(**input), require_principal(info).user_id, idempotency_key)}


@mutation.field("stockAdjust")
@payload
async def resolve_adjust(_: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
    """Corrects a level."""
    return {"levels": await adjust_stock(checked_adjustment(**input), require_principal(info).user_id, idempotency_key)}


@mutation.field("stockTransfer")
@payload
async def resolve_transfer(_: object, info: Info, *, input: Input, idempotency_key: str) -> dict[str, Any]:
    """Moves pieces between warehouses."""
    return {"levels": await transfer_stock(checked_transfer(**input), require_principal(info).user_id, idempotency_key)}


@mutation.field("stockSetPolicy")
@payload
async def resolve_set_policy(_: object, info: Info, *, input: Input) -> dict[str, Any]:
    """Sets a variant's rules."""
    backorder = Backorders(**input["backorder"]) if input.get("backorder") else None
    change = checked_policy(today(), **{**input, "backorder": backorder})
    return {"policy": policy_view(await set_policy(change, require_principal(info).user_id))}


def _is_movement_id(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**63


async def load_variants(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, VariantStock]:
    """The stock of the variants that another subgraph lists. Everybody may see it."""
    return await stock_by_variant(ids)


BINDABLES = (query, mutation, variant)
ENTITIES = (Entity("ProductVariant", VariantStock, load_variants),)
