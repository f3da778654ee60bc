"""The part of notifications in the supergraph; the contract is ``schema/notifications.graphql``."""

from ariadne.types import SchemaBindable

from subgraphs.notifications.entrypoints.graphql.queries import ENTITIES, NotificationQueries

__all__ = ["ENTITIES", "bindables"]


def bindables() -> tuple[SchemaBindable, ...]:
    """All resolvers."""
    return (NotificationQueries().bindable(),)
