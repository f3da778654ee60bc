"""Changes what a variant costs."""

from dataclasses import dataclass

from subgraphs.products.commands.saving import save_if_changed
from subgraphs.products.domain.ports import ProductsWork
from subgraphs.products.domain.rejections import VariantNotFound


@dataclass(frozen=True, slots=True)
class RepriceVariant:
    """``price_minor`` is in the minor unit of the product's currency."""

    sku: str
    price_minor: int


async def reprice_variant(command: RepriceVariant, work: ProductsWork) -> None:
    """Changes the price of one variant; the same price again changes nothing.

    Raises:
        VariantNotFound, PriceOutOfRange, ProductNotOnSale
    """
    product = await work.products.lock_by_sku(command.sku)
    if product is None:
        raise VariantNotFound(command.sku)
    await save_if_changed(work, product, product.repriced(command.sku, command.price_minor))
