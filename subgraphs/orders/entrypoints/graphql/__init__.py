"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from ariadne.types import SchemaBindable

from shared.graphql.federation import Entity
from subgraphs.orders.domain.references import User
from subgraphs.orders.entrypoints.graphql import carts, orders, undoing
from subgraphs.orders.queries.orders import OrderView


def bindables(deadline_seconds: float) -> tuple[SchemaBindable, ...]:
    """The resolvers."""
    return (*carts.BINDABLES, *orders.BINDABLES, *undoing.BINDABLES, orders.checkout_mutation(deadline_seconds))


ENTITIES = (Entity("Order", OrderView, orders.load_orders), Entity("User", User, orders.load_users))
