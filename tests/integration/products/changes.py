"""Products' handlers, performed in this process on its database as the entrypoints have them performed."""

from subgraphs.products.bootstrap import unit_of_work
from subgraphs.products.commands import reprice_variant, republish_product, withdraw_product

WORK = unit_of_work()


async def reprice(sku: str, price_minor: int) -> None:
    """Changes what a variant costs."""
    await WORK.perform(reprice_variant.reprice_variant, reprice_variant.RepriceVariant(sku, price_minor))


async def withdraw(slug: str) -> None:
    """Takes a product out of the shop."""
    await WORK.perform(withdraw_product.withdraw_product, withdraw_product.WithdrawProduct(slug))


async def republish(slug: str) -> None:
    """Puts a withdrawn product back."""
    await WORK.perform(republish_product.republish_product, republish_product.RepublishProduct(slug))
