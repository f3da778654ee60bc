"""Products' part of the supergraph; the contract is ``schema/products.graphql``.

A field that has no resolver here is an attribute of what its parent's resolver returned.
"""

from ariadne.types import SchemaBindable

from subgraphs.products.entrypoints.graphql.categories import CategoryFields
from subgraphs.products.entrypoints.graphql.entities import entities
from subgraphs.products.entrypoints.graphql.products import ProductFields
from subgraphs.products.entrypoints.graphql.queries import ShopQueries
from subgraphs.products.queries.category_tree import Categories

__all__ = ["bindables", "entities"]


def bindables(categories: Categories, media_url: str) -> tuple[SchemaBindable, ...]:
    """All resolvers; ``media_url`` is what the addresses of pictures begin with."""
    return (
        ShopQueries(categories).bindable(),
        *CategoryFields(categories).bindables(),
        *ProductFields(categories, media_url).bindables(),
    )
