"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from ariadne.types import SchemaBindable

from shared.persistence.work import UnitOfWork
from subgraphs.orders.domain.cart import CartLifetime
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.entrypoints.graphql import carts
from subgraphs.orders.entrypoints.graphql.mutations import OrderMutations
from subgraphs.orders.entrypoints.graphql.queries import ENTITIES, OrderQueries

__all__ = ["ENTITIES", "bindables"]


def bindables(
    work: UnitOfWork[OrdersWork], deadline_seconds: float, lifetime: CartLifetime
) -> tuple[SchemaBindable, ...]:
    """All resolvers."""
    cart_bindables = (carts.query, carts.cart_mutations(lifetime))
    return (*cart_bindables, *OrderQueries().bindables(), OrderMutations(work, deadline_seconds).bindable())
