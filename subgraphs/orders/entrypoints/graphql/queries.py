"""What orders shows, but for carts."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from ariadne import ObjectType, QueryType
from ariadne.types import SchemaBindable

from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.federation import Entity
from shared.graphql.pagination import Connection, page_request
from shared.ids import parse_id
from shared.money import Money
from subgraphs.orders.domain.actions import Action
from subgraphs.orders.domain.dispute import Hold
from subgraphs.orders.domain.order import Actor
from subgraphs.orders.domain.references import User
from subgraphs.orders.domain.waiting import StillToCome
from subgraphs.orders.entrypoints.graphql.callers import READ, guest_id_of, person, person_with
from subgraphs.orders.entrypoints.graphql.search_inputs import Input, own_filter, staff_filter
from subgraphs.orders.queries.order_details import RefundView, StatusChangeView
from subgraphs.orders.queries.order_search import CURSOR_LENGTH, OrderSort, find_orders
from subgraphs.orders.queries.orders import (
    OrderLineView,
    OrderView,
    order_of_guest,
    orders_needing_attention,
    orders_seen_by,
)
from subgraphs.orders.queries.shipments import ShipmentView


class OrderQueries:
    """Orders, and the fields that are read only when somebody asks for them."""

    def bindables(self) -> Sequence[SchemaBindable]:
        """The resolvers."""
        query, user = QueryType(), ObjectType("User")
        query.set_field("order", self._order)
        query.set_field("guestOrder", self._guest_order)
        query.set_field("orders", self._orders)
        query.set_field("ordersNeedingAttention", self._needing_attention)
        user.set_field("orders", self._of_user)
        return (query, user, self._of_orders(), self._of_lines(), *_renamed())

    def _of_orders(self) -> ObjectType:
        order = ObjectType("Order")
        order.set_field("refunds", self._refunds)
        order.set_field("history", self._history)
        order.set_field("attention", self._attention)
        order.set_field("owed", self._owed)
        order.set_field("hold", self._hold)
        order.set_field("availableActions", self._available_actions)
        order.set_field("shipments", self._shipments)
        return order

    def _of_lines(self) -> ObjectType:
        line = ObjectType("OrderLine")
        line.set_field("refundedQuantity", self._refunded_quantity)
        line.set_field("shippedQuantity", self._shipped_quantity)
        line.set_field("waitingQuantity", self._waiting_quantity)
        line.set_field("expectedFrom", self._expected_from)
        return line

    async def _order(self, _: object, info: Info, id: str) -> OrderView | None:
        order_id = parse_id(id, "id")
        return (await orders_seen_by([order_id], person_with(info, READ))).get(order_id)

    async def _guest_order(self, _: object, info: Info) -> OrderView | None:
        guest_id = guest_id_of(info)
        return await order_of_guest(guest_id) if guest_id else None

    async def _orders(
        self,
        _: object,
        info: Info,
        *,
        filter: Input | None = None,
        search: str | None = None,
        sort: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Connection[OrderView]:
        order = OrderSort(sort or OrderSort.NEWEST)
        wanted = staff_filter(filter, search, order)
        return await find_orders(wanted, order, page_request(first, after, CURSOR_LENGTH, "orders", wanted, order))

    async def _needing_attention(
        self, _: object, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[OrderView]:
        return await orders_needing_attention(page_request(first, after, 1, "ordersNeedingAttention"))

    async def _of_user(
        self,
        owner: User,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: Input | None = None,
    ) -> Connection[OrderView] | None:
        """The caller's own orders; of others nothing."""
        wanted = own_filter(owner.id, filter)
        page = page_request(first, after, CURSOR_LENGTH, "User.orders", wanted)
        if require_principal(info).user_id != owner.id:
            return None
        return await find_orders(wanted, OrderSort.NEWEST, page)

    async def _refunds(self, order: OrderView, info: Info) -> Sequence[RefundView]:
        return await order.details.refunds.of(order.id) or ()

    async def _history(self, order: OrderView, info: Info) -> Sequence[StatusChangeView]:
        return await order.details.history.of(order.id) or ()

    async def _attention(self, order: OrderView, info: Info) -> str | None:
        return await order.details.attention.of(order.id)

    async def _owed(self, order: OrderView, info: Info) -> Money | None:
        return await order.details.owed.of(order.id)

    async def _hold(self, order: OrderView, info: Info) -> Hold | None:
        return await order.details.holds.of(order.id)

    async def _available_actions(self, order: OrderView, info: Info) -> Sequence[Action]:
        """For staff what may be done by whomever, for its buyer by the buyer."""
        actions, caller = await order.details.actions.of(order.id) or (), person(info.context, READ)
        is_staff = caller is not None and caller.is_staff  # a guest has shown nothing yet who has just ordered
        return [action for action in actions if is_staff or action.by is Actor.BUYER]

    async def _shipments(self, order: OrderView, info: Info) -> Sequence[ShipmentView]:
        return await order.details.shipments.of(order.id) or ()

    async def _refunded_quantity(self, line: OrderLineView, info: Info) -> int:
        quantities = await line.details.refunded_quantities.of(line.order_id) or {}
        return quantities.get(line.id, 0)

    async def _shipped_quantity(self, line: OrderLineView, info: Info) -> int:
        quantities = await line.details.shipped_quantities.of(line.order_id) or {}
        return quantities.get(line.id, 0)

    async def _waiting_quantity(self, line: OrderLineView, info: Info) -> int:
        waiting = await _still_to_come(line)
        return waiting.quantity if waiting else 0

    async def _expected_from(self, line: OrderLineView, info: Info) -> date | None:
        waiting = await _still_to_come(line)
        return waiting.expected_from if waiting else None


def _renamed() -> Sequence[SchemaBindable]:
    action, change = ObjectType("OrderAction"), ObjectType("OrderStatusChange")
    action.set_alias("action", "kind")
    change.set_alias("from", "from_status")
    change.set_alias("to", "to_status")
    return action, change


async def _still_to_come(line: OrderLineView) -> StillToCome | None:
    return (await line.details.still_to_come.of(line.order_id) or {}).get(line.id) if line.may_wait else None


async def load_orders(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderView]:
    """The orders that another subgraph names and the caller may see."""
    caller = person(context, READ)
    return await orders_seen_by(ids, caller) if caller else {}


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, User]:
    """Orders keeps no users: whoever is named may exist."""
    return {user_id: User(user_id) for user_id in ids}


ENTITIES = (Entity("Order", OrderView, load_orders), Entity("User", User, load_users))
