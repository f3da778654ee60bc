"""Carts."""

from typing import Any

from ariadne import MutationType, QueryType

from shared.graphql.context import Info
from shared.graphql.mutations import payload
from shared.ids import parse_id
from subgraphs.orders.commands.add_cart_lines import add_cart_lines, wanted_variant
from subgraphs.orders.commands.cart_changes import existing_cart
from subgraphs.orders.commands.create_cart import create_cart
from subgraphs.orders.commands.remove_cart_lines import remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import update_cart_lines, wanted_quantity
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.entrypoints.graphql.callers import user_id_of
from subgraphs.orders.queries.carts import cart_by_id

query = QueryType()
mutation = MutationType()
BINDABLES = (query, mutation)


@query.field("cart")
async def resolve_cart(_: object, info: Info, id: str) -> Cart | None:
    """A cart that the caller may use."""
    return await cart_by_id(parse_id(id, "id"), user_id_of(info))


@mutation.field("cartCreate")
@payload
async def resolve_cart_create(_: object, info: Info) -> dict[str, Any]:
    """Starts a cart."""
    user_id = user_id_of(info)
    return {"cart": await existing_cart(await create_cart(user_id), user_id)}


@mutation.field("cartAddLines")
@payload
async def resolve_cart_add_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Puts variants into a cart."""
    wanted = [wanted_variant(**line) for line in input["lines"]]
    return {"cart": await add_cart_lines(input["cart_id"], wanted, user_id_of(info))}


@mutation.field("cartUpdateLines")
@payload
async def resolve_cart_update_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Sets quantities."""
    wanted = [wanted_quantity(**line) for line in input["lines"]]
    return {"cart": await update_cart_lines(input["cart_id"], wanted, user_id_of(info))}


@mutation.field("cartRemoveLines")
@payload
async def resolve_cart_remove_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Takes lines out."""
    return {"cart": await remove_cart_lines(input["cart_id"], input["line_ids"], user_id_of(info))}
