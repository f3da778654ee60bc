"""What notifications shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ariadne import ObjectType

from shared.graphql.context import Info, RequestContext, require_principal
from shared.graphql.federation import Entity
from shared.graphql.pagination import Connection, page_request
from subgraphs.notifications.queries.notifications import (
    NotificationView,
    notifications_by_id,
    notifications_by_order,
    notifications_of_user,
)

_SORT_COLUMNS = 1


@dataclass(frozen=True, slots=True)
class UserStub:
    """A ``User`` that another subgraph answers for."""

    id: UUID


@dataclass(frozen=True, slots=True)
class OrderMessages:
    """The part of notifications in an ``Order``."""

    id: UUID
    notifications: Sequence[NotificationView]


class NotificationQueries:
    """The caller's messages."""

    def bindable(self) -> ObjectType:
        """The resolvers."""
        user = ObjectType("User")
        user.set_field("notifications", self._notifications)
        return user

    async def _notifications(
        self, stub: UserStub, info: Info, *, first: int | None = None, after: str | None = None
    ) -> Connection[NotificationView] | None:
        """The user's own messages; null for anybody else's."""
        if require_principal(info).user_id != stub.id:
            return None
        page = page_request(first, after, _SORT_COLUMNS, "User.notifications", stub.id)
        return await notifications_of_user(stub.id, page)


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, UserStub]:
    """Whoever is asked for: their messages are resolved for themselves alone."""
    return {user_id: UserStub(user_id) for user_id in ids}


async def load_orders(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderMessages]:
    """The messages about the caller's orders; an order of somebody else's looks like one without messages."""
    principal = context.principal
    messages = await notifications_by_order(principal.user_id, ids) if principal else {}
    return {order_id: OrderMessages(order_id, messages.get(order_id, ())) for order_id in ids}


async def load_notifications(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, NotificationView]:
    """The caller's messages."""
    return await notifications_by_id(context.principal.user_id, ids) if context.principal else {}


ENTITIES = (
    Entity("User", UserStub, load_users),
    Entity("Order", OrderMessages, load_orders),
    Entity("Notification", NotificationView, load_notifications),
)
