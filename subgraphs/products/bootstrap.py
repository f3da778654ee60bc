"""Puts products together: the one place that names concrete classes."""

from dataclasses import dataclass

from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from subgraphs.products.domain.ports import ProductRepository, ProductsWork
from subgraphs.products.entrypoints import graphql, media
from subgraphs.products.entrypoints.command_line import commands
from subgraphs.products.infrastructure import tables
from subgraphs.products.infrastructure.products import PostgresProducts
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.settings import ProductsSettings


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets of Postgres, in one transaction."""

    events: Recorder
    products: ProductRepository


def unit_of_work() -> UnitOfWork[ProductsWork]:
    """Has handlers performed."""
    products = PostgresProducts()
    return UnitOfWork(lambda events: PostgresWork(events, products))


async def seed(products: int) -> None:
    """Fills the demonstration shop. Images for customers hold no ``seeds``: what needs them is imported here alone."""
    from subgraphs.products.seed import seed as fill

    await fill(products)


def build() -> Subgraph:
    """Products, configured by the environment."""
    settings = load_settings(ProductsSettings)
    categories = Categories()
    return Subgraph(
        name="products",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(categories, settings.media_url),
        entities=graphql.entities(categories),
        seed=seed,
        routes=media.ROUTES,
        commands=commands(unit_of_work()),
    )
