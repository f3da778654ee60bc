"""Takes a product out of the shop, and puts it back."""

from collections.abc import Callable

from shared.errors import NotFound
from shared.persistence import db
from subgraphs.products.domain.product import Product, republished, withdrawn
from subgraphs.products.infrastructure.products import locked_by_slug, save


async def withdraw(slug: str) -> None:
    """Takes a product out of the shop; one that is out already stays so.

    Raises:
        NotFound: when there is no such product.
    """
    await _change(slug, withdrawn)


async def republish(slug: str) -> None:
    """Puts a withdrawn product back into the shop; one that is on sale stays so.

    Raises:
        NotFound: when there is no such product.
    """
    await _change(slug, republished)


async def _change(slug: str, change: Callable[[Product], Product]) -> None:
    async with db.transaction():
        product = await locked_by_slug(slug)
        if product is None:
            raise NotFound(f"There is no product {slug}.", ("slug",))
        changed = change(product)
        if changed is not product:
            await save(changed)
