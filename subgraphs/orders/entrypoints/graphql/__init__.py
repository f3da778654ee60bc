"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from ariadne.types import SchemaBindable

from shared.graphql.federation import Entity
from shared.persistence.work import UnitOfWork
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.references import User
from subgraphs.orders.entrypoints.graphql import orders, shipments, undoing
from subgraphs.orders.entrypoints.graphql.cart_mutations import CartMutations
from subgraphs.orders.entrypoints.graphql.cart_queries import CartQueries
from subgraphs.orders.queries.orders import OrderView


def bindables(deadline_seconds: float, carts: UnitOfWork[CartWork]) -> tuple[SchemaBindable, ...]:
    """The resolvers."""
    cart_bindables = (CartQueries().bindable(), CartMutations(carts).bindable())
    order_bindables = (
        *orders.BINDABLES,
        *undoing.BINDABLES,
        *shipments.BINDABLES,
        orders.checkout_mutation(deadline_seconds),
    )
    return (*cart_bindables, *order_bindables)


ENTITIES = (Entity("Order", OrderView, orders.load_orders), Entity("User", User, orders.load_users))
