"""What the commands of products need of the world."""

from typing import Protocol

from shared.events.event import Recorder
from subgraphs.products.domain.product import Product


class ProductRepository(Protocol):
    """Products with their variants."""

    async def lock_by_slug(self, slug: str) -> Product | None:
        """A product, this unit of work's alone until its end; None when there is none."""

    async def lock_by_sku(self, sku: str) -> Product | None:
        """The same by the article number of one of its variants."""

    async def save(self, product: Product) -> None:
        """Writes the version, the prices, and whether it is on sale, of a locked product."""


class ProductsWork(Protocol):
    """A unit of work of products."""

    @property
    def products(self) -> ProductRepository: ...

    @property
    def events(self) -> Recorder: ...
