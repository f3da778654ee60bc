"""The part of payments in the supergraph; the contract is ``schema/payments.graphql``. Everybody sees their own payments alone."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.graphql.context import RequestContext
from shared.graphql.federation import Entity
from subgraphs.payments.queries.payments import OrderPayments, PaymentView, payments_by_id, payments_by_order


async def load_orders(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, OrderPayments]:
    """The caller's payments of orders; an order of somebody else looks like one that has none."""
    if context.principal is None:
        return {order_id: OrderPayments(order_id, ()) for order_id in ids}  # the SDL refuses the field itself
    return await payments_by_order(ids, context.principal.user_id)


async def load_payments(ids: Sequence[UUID], context: RequestContext) -> Mapping[UUID, PaymentView]:
    """The caller's payments; somebody else's are missing."""
    return await payments_by_id(ids, context.principal.user_id) if context.principal else {}


ENTITIES = (Entity("Order", OrderPayments, load_orders), Entity("Payment", PaymentView, load_payments))
