"""Orders."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ariadne import MutationType, ObjectType, QueryType

from shared.errors import Internal
from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.mutations import payload
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from subgraphs.orders.commands.place_order import place_order
from subgraphs.orders.domain.checkout import parse_checkout
from subgraphs.orders.domain.references import User
from subgraphs.orders.queries.orders import OrderView, orders_by_id, orders_of_user

query = QueryType()
user = ObjectType("User")
BINDABLES = (query, user)


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
