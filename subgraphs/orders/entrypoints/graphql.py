"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ariadne import MutationType, ObjectType, QueryType
from ariadne.types import SchemaBindable

from shared.errors import Internal
from shared.graphql.context import Info, RequestContext, principal_of, require_principal
from shared.graphql.federation import Entity
from shared.graphql.mutations import payload
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from subgraphs.orders.commands.add_cart_lines import add_cart_lines, wanted_variant
from subgraphs.orders.commands.cart_changes import existing_cart
from subgraphs.orders.commands.create_cart import create_cart
from subgraphs.orders.commands.place_order import place_order
from subgraphs.orders.commands.remove_cart_lines import remove_cart_lines
from subgraphs.orders.commands.update_cart_lines import update_cart_lines, wanted_quantity
from subgraphs.orders.domain.cart import Cart
from subgraphs.orders.domain.checkout import parse_checkout
from subgraphs.orders.domain.references import User
from subgraphs.orders.queries.carts import cart_by_id
from subgraphs.orders.queries.orders import OrderView, orders_by_id, orders_of_user

query = QueryType()
mutation = MutationType()
user = ObjectType("User")


def _user_id(info: Info) -> UUID | None:
    principal = principal_of(info)
    return principal.user_id if principal else None


@query.field("cart")
async def resolve_cart(_: object, info: Info, id: str) -> Cart | None:
    """A cart that the caller may use."""
    return await cart_by_id(parse_id(id, "id"), _user_id(info))


@query.field("order")
async def resolve_order(_: object, info: Info, id: str) -> OrderView | None:
    """One of the caller's orders."""
    order_id = parse_id(id, "id")
    return (await orders_by_id([order_id], require_principal(info).user_id)).get(order_id)


@user.field("orders")
async def resolve_orders(
    owner: User, info: Info, first: int | None = None, after: str | None = None
) -> Connection[OrderView] | None:
    """The caller's own orders; of others nothing."""
    page = page_request(first, after, key_length=1)
    if require_principal(info).user_id != owner.id:
        return None
    return await orders_of_user(owner.id, page)


@mutation.field("cartCreate")
@payload
async def resolve_cart_create(_: object, info: Info) -> dict[str, Any]:
    """Starts a cart."""
    user_id = _user_id(info)
    return {"cart": await existing_cart(await create_cart(user_id), user_id)}


@mutation.field("cartAddLines")
@payload
async def resolve_cart_add_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Puts variants into a cart."""
    wanted = [wanted_variant(**line) for line in input["lines"]]
    return {"cart": await add_cart_lines(input["cart_id"], wanted, _user_id(info))}


@mutation.field("cartUpdateLines")
@payload
async def resolve_cart_update_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Sets quantities."""
    wanted = [wanted_quantity(**line) for line in input["lines"]]
    return {"cart": await update_cart_lines(input["cart_id"], wanted, _user_id(info))}


@mutation.field("cartRemoveLines")
@payload
async def resolve_cart_remove_lines(_: object, info: Info, input: dict[str, Any]) -> dict[str, Any]:
    """Takes lines out."""
    return {"cart": await remove_cart_lines(input["cart_id"], input["line_ids"], _user_id(info))}


def checkout_mutation(deadline_seconds: float) -> MutationType:
    """``checkoutPlaceOrder`` for orders that are given up after a time."""
    checkout = MutationType()

    @checkout.field("checkoutPlaceOrder")
    @payload
    async def resolve_place_order(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Places an order, and answers with it as it is now."""
        customer_id = require_principal(info).user_id
        order_id = await place_order(parse_checkout(input), customer_id, idempotency_key, deadline_seconds)
        order = (await orders_by_id([order_id], customer_id)).get(order_id)
        if order is None:
            raise Internal("The order was placed but can't be read.")
        return {"order": order}

    return checkout


async def load_orders(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderView]:
    """The caller's own orders that another subgraph names."""
    return await orders_by_id(ids, context.principal.user_id) if context.principal else {}


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, User]:
    """Orders keeps no users: whoever is named may exist."""
    return {user_id: User(user_id) for user_id in ids}


def bindables(deadline_seconds: float) -> tuple[SchemaBindable, ...]:
    """The resolvers."""
    return (query, mutation, user, checkout_mutation(deadline_seconds))


ENTITIES = (Entity("Order", OrderView, load_orders), Entity("User", User, load_users))
