"""Inventory's part of the supergraph; the contract is ``schema/inventory.graphql``."""

from ariadne.types import SchemaBindable

from shared.persistence.work import UnitOfWork
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.entrypoints.graphql.mutations import StockMutations
from subgraphs.inventory.entrypoints.graphql.queries import ENTITIES, StockQueries

__all__ = ["ENTITIES", "bindables"]


def bindables(work: UnitOfWork[InventoryWork]) -> tuple[SchemaBindable, ...]:
    """All resolvers."""
    return (*StockQueries().bindables(), StockMutations(work).bindable())
