"""Orders: reads, and placing one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ariadne import MutationType, ObjectType, QueryType

from shared.errors import Internal
from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.idempotency import replayable_mutation
from shared.graphql.mutations import payload
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from shared.money import Money
from subgraphs.orders.commands.pay_order import pay_order
from subgraphs.orders.commands.place_order import place_order
from subgraphs.orders.domain.actions import Action
from subgraphs.orders.domain.checkout import parse_checkout
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.order import Actor, Person
from subgraphs.orders.domain.paying_again import parse_payment
from subgraphs.orders.domain.references import User
from subgraphs.orders.entrypoints.graphql.callers import READ, person, person_with
from subgraphs.orders.queries.order_details import RefundView, StatusChangeView
from subgraphs.orders.queries.orders import (
    OrderLineView,
    OrderView,
    orders_needing_attention,
    orders_of_user,
    orders_seen_by,
)

query = QueryType()
user = ObjectType("User")
order_type = ObjectType("Order")
line_type = ObjectType("OrderLine")
action_type = ObjectType("OrderAction")
action_type.set_alias("action", "kind")
change_type = ObjectType("OrderStatusChange")
change_type.set_alias("from", "from_status")
change_type.set_alias("to", "to_status")
BINDABLES = (query, user, order_type, line_type, action_type, change_type)


@query.field("order")
async def resolve_order(_: object, info: Info, id: str) -> OrderView | None:
    """One of the caller's orders, or any order for staff."""
    order_id = parse_id(id, "id")
    return (await orders_seen_by([order_id], person_with(info, READ))).get(order_id)


@query.field("ordersNeedingAttention")
async def resolve_orders_needing_attention(
    _: object, info: Info, first: int | None = None, after: str | None = None
) -> Connection[OrderView]:
    """What waits for a person."""
    return await orders_needing_attention(page_request(first, after, 1, "ordersNeedingAttention"))


@user.field("orders")
async def resolve_orders(
    owner: User, info: Info, first: int | None = None, after: str | None = None
) -> Connection[OrderView] | None:
    """The caller's own orders; of others nothing."""
    page = page_request(first, after, 1, "User.orders", owner.id)
    if require_principal(info).user_id != owner.id:
        return None
    return await orders_of_user(owner.id, page)


@order_type.field("refunds")
async def resolve_refunds(order: OrderView, info: Info) -> Sequence[RefundView]:
    """What is given back of it."""
    return await order.details.refunds.of(order.id) or ()


@order_type.field("history")
async def resolve_history(order: OrderView, info: Info) -> Sequence[StatusChangeView]:
    """Its moves."""
    return await order.details.history.of(order.id) or ()


@order_type.field("attention")
async def resolve_attention(order: OrderView, info: Info) -> str | None:
    """What a person has to look at."""
    return await order.details.attention.of(order.id)


@order_type.field("owed")
async def resolve_owed(order: OrderView, info: Info) -> Money | None:
    """What the provider did not give back."""
    return await order.details.owed.of(order.id)


@order_type.field("hold")
async def resolve_hold(order: OrderView, info: Info) -> Hold | None:
    """Why nothing of it may leave."""
    return await order.details.holds.of(order.id)


@order_type.field("availableActions")
async def resolve_available_actions(order: OrderView, info: Info) -> Sequence[Action]:
    """What may be done with it now: for staff by whomever, for its buyer by the buyer."""
    actions = await order.details.actions.of(order.id) or ()
    return [action for action in actions if person_with(info, READ).is_staff or action.by is Actor.BUYER]


@line_type.field("refundedQuantity")
async def resolve_refunded_quantity(line: OrderLineView, info: Info) -> int:
    """How many of its pieces were refunded."""
    quantities = await line.details.refunded_quantities.of(line.order_id) or {}
    return quantities.get(line.id, 0)


def checkout_mutation(deadline_seconds: float) -> MutationType:
    """``checkoutPlaceOrder`` and ``orderPay`` for orders that are given up after a time."""
    checkout = MutationType()

    @checkout.field("checkoutPlaceOrder")
    @payload
    async def resolve_place_order(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Places an order, and answers with it as it is now."""
        customer_id = require_principal(info).user_id
        order_id = await place_order(parse_checkout(input), customer_id, idempotency_key, deadline_seconds)
        return {"order": await changed_order(order_id, Person(customer_id, is_staff=False))}

    @checkout.field("orderPay")
    @payload
    async def resolve_pay(_: object, info: Info, input: dict[str, Any], idempotency_key: str) -> dict[str, Any]:
        """Pays again, and answers with the order as it is now."""
        asked, customer_id = parse_payment(input), require_principal(info).user_id

        async def pay() -> str:
            await pay_order(asked, customer_id, deadline_seconds)
            return str(asked.order_id)

        order_id = await replayable_mutation(info, input, idempotency_key, pay)
        return {"order": await changed_order(UUID(order_id), Person(customer_id, is_staff=False))}

    return checkout


async def changed_order(order_id: UUID, who: Person) -> OrderView:
    """An order that a mutation has just changed, as it is now."""
    order = (await orders_seen_by([order_id], who)).get(order_id)
    if order is None:
        raise Internal("The order was changed but can't be read.")
    return order


async def load_orders(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderView]:
    """The orders that another subgraph names and the caller may see."""
    return await orders_seen_by(ids, person(context.principal, READ)) if context.principal else {}


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, User]:
    """Orders keeps no users: whoever is named may exist."""
    return {user_id: User(user_id) for user_id in ids}
