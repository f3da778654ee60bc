"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from ariadne.types import SchemaBindable

from shared.graphql.federation import Entity
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.references import User
from subgraphs.orders.entrypoints.graphql import carts, orders, shipments, undoing
from subgraphs.orders.queries.orders import OrderView


def bindables(deadline_seconds: float, lifetime: CartLifetime) -> tuple[SchemaBindable, ...]:
    """The resolvers."""
    cart_bindables = (carts.query, carts.cart_mutations(lifetime))
    order_bindables = (
        *orders.BINDABLES,
        *undoing.BINDABLES,
        *shipments.BINDABLES,
        orders.checkout_mutation(deadline_seconds),
    )
    return (*cart_bindables, *order_bindables)


ENTITIES = (Entity("Order", OrderView, orders.load_orders), Entity("User", User, orders.load_users))
