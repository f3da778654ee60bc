"""What payments shows of others' types and its own."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.graphql.context import RequestContext
from shared.graphql.federation import Entity
from shared.security.capability import holder_id
from subgraphs.payments.queries.methods import UserMethods, methods_by_user
from subgraphs.payments.queries.payments import OrderPayments, PaymentView, Viewer, payments_by_id, payments_by_order

_READ = "payments:read"


@dataclass(frozen=True, slots=True)
class PaymentLoaders:
    """Loads payments; ``providers`` are the names of those that are configured."""

    providers: Container[str]

    def entities(self) -> tuple[Entity, ...]:
        """What payments tells of orders and payments."""
        return Entity("Order", OrderPayments, self._orders), Entity("Payment", PaymentView, self._payments)

    async def _orders(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderPayments]:
        """The payments of orders that the caller may see; an order of somebody else looks like one that has none."""
        viewer = self._viewer(context)
        if viewer is None:
            return {order_id: OrderPayments(order_id, ()) for order_id in ids}
        return await payments_by_order(ids, viewer)

    async def _payments(self, ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, PaymentView]:
        """The payments that the caller may see; somebody else's are missing."""
        viewer = self._viewer(context)
        return await payments_by_id(ids, viewer) if viewer else {}

    def _viewer(self, context: RequestContext) -> Viewer | None:
        principal, guest_id = context.principal, holder_id(context.capability) if context.capability else None
        ids = [*([principal.user_id] if principal else []), *([guest_id] if guest_id else [])]
        is_staff = principal is not None and _READ in principal.scopes
        return Viewer(ids, is_staff, self.providers) if ids else None


async def load_users(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, UserMethods]:
    """The caller's cards; somebody else looks like nobody."""
    own = [user_id for user_id in ids if context.principal and user_id == context.principal.user_id]
    return await methods_by_user(own) if own else {}


def entities(providers: Container[str]) -> tuple[Entity, ...]:
    """What payments tells of others' types and its own; ``providers`` are the names of those that are configured."""
    return (*PaymentLoaders(providers).entities(), Entity("User", UserMethods, load_users))
