"""Orders' part of the supergraph; the contract is ``schema/orders.graphql``."""

from ariadne.types import SchemaBindable

from shared.persistence.work import UnitOfWork
from subgraphs.orders.domain.cart_ports import CartWork
from subgraphs.orders.domain.guest import OrderTokens
from subgraphs.orders.domain.ports import OrdersWork
from subgraphs.orders.entrypoints.graphql import cart_problems
from subgraphs.orders.entrypoints.graphql.cart_mutations import CartMutations
from subgraphs.orders.entrypoints.graphql.cart_queries import CartQueries
from subgraphs.orders.entrypoints.graphql.mutations import OrderMutations
from subgraphs.orders.entrypoints.graphql.queries import ENTITIES, OrderQueries

__all__ = ["ENTITIES", "bindables"]


def bindables(
    work: UnitOfWork[OrdersWork], carts: UnitOfWork[CartWork], tokens: OrderTokens, deadline_seconds: float
) -> tuple[SchemaBindable, ...]:
    """All resolvers. An order that can't be sold within ``deadline_seconds`` is undone."""
    mutations = OrderMutations(work, tokens, deadline_seconds)
    cart_bindables = (CartQueries().bindable(), CartMutations(carts).bindable(), *cart_problems.bindables())
    return (*cart_bindables, *OrderQueries().bindables(), mutations.bindable())
