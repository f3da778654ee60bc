"""Products' ports in memory: what its handlers are tested with. One contract suite holds for these and for Postgres."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from shared.events.event import Recorder
from subgraphs.products.domain.product import Product

Command = TypeVar("Command")
Outcome = TypeVar("Outcome")


@dataclass
class ProductsTwin:
    """Products in a dictionary."""

    rows: dict[UUID, Product] = field(default_factory=dict)

    async def lock_by_slug(self, slug: str) -> Product | None:
        return next((each for each in self.rows.values() if each.slug == slug), None)

    async def lock_by_sku(self, sku: str) -> Product | None:
        return next((each for each in self.rows.values() if sku in {its.sku for its in each.variants}), None)

    async def save(self, product: Product) -> None:
        self.rows[product.id] = product


class ShopTwin:
    """A unit of work of products, and what performs handlers with it: one that fails leaves everything as it was."""

    def __init__(self, *products: Product) -> None:
        self.events = Recorder()
        self.products = ProductsTwin({product.id: product for product in products})

    async def perform(self, handler: Callable[[Command, "ShopTwin"], Awaitable[Outcome]], command: Command) -> Outcome:
        """What the handler answers."""
        before = copy.deepcopy(self.__dict__)
        try:
            return await handler(command, self)
        except BaseException:
            self.__dict__ = before
            raise
