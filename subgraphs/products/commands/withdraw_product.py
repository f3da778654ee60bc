"""Takes a product out of the shop."""

from dataclasses import dataclass

from subgraphs.products.commands.saving import save_if_changed
from subgraphs.products.domain.ports import ProductsWork
from subgraphs.products.domain.rejections import ProductNotFound


@dataclass(frozen=True, slots=True)
class WithdrawProduct:
    """``slug`` is the product's name in addresses."""

    slug: str


async def withdraw_product(command: WithdrawProduct, work: ProductsWork) -> None:
    """Takes a product out of the shop; one that is out already stays so.

    Raises:
        ProductNotFound
    """
    product = await work.products.lock_by_slug(command.slug)
    if product is None:
        raise ProductNotFound(command.slug)
    await save_if_changed(work, product, product.withdrawn())
