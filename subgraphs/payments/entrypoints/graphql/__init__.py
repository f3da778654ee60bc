"""The part of payments in the supergraph; the contract is ``schema/payments.graphql``.
Everybody sees their own alone.
"""

from ariadne.types import SchemaBindable

from shared.persistence.work import UnitOfWork
from subgraphs.payments.domain.ports import PaymentsWork
from subgraphs.payments.entrypoints.graphql.mutations import MethodMutations
from subgraphs.payments.entrypoints.graphql.queries import entities

__all__ = ["bindables", "entities"]


def bindables(work: UnitOfWork[PaymentsWork]) -> tuple[SchemaBindable, ...]:
    """All resolvers."""
    return (MethodMutations(work).bindable(),)
