"""The part of users in the supergraph; the contract is ``schema/users.graphql``."""

from ariadne.types import SchemaBindable

from shared.persistence.work import UnitOfWork
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.entrypoints.graphql.accounts import AccountMutations
from subgraphs.users.entrypoints.graphql.address_book import AddressBookMutations
from subgraphs.users.entrypoints.graphql.queries import ENTITIES, SessionFields, UserQueries
from subgraphs.users.entrypoints.graphql.sessions import SessionMutations

__all__ = ["ENTITIES", "bindables"]


def bindables(work: UnitOfWork[UsersWork]) -> tuple[SchemaBindable, ...]:
    """All resolvers."""
    mutations = (
        SessionMutations(work).bindable(),
        AddressBookMutations(work).bindable(),
        AccountMutations(work).bindable(),
    )
    return UserQueries().bindable(), *SessionFields().bindables(), *mutations
