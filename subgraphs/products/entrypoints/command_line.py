"""Commands of ``python -m subgraphs.products`` beside those of every subgraph."""

import argparse
from collections.abc import Sequence
from functools import partial

from shared.errors import BadUserInput, FailedPrecondition, NotFound, Rejection, ServiceError, rejections_as
from shared.persistence.work import UnitOfWork
from shared.runtime.arguments import whole
from shared.runtime.subgraph import Command
from subgraphs.products.commands.reprice_variant import RepriceVariant, reprice_variant
from subgraphs.products.commands.republish_product import RepublishProduct, republish_product
from subgraphs.products.commands.withdraw_product import WithdrawProduct, withdraw_product
from subgraphs.products.domain.ports import ProductsWork
from subgraphs.products.domain.product import MAX_PRICE_MINOR
from subgraphs.products.domain.rejections import PriceOutOfRange, ProductNotFound, ProductNotOnSale, VariantNotFound

Work = UnitOfWork[ProductsWork]


def commands(work: Work) -> Sequence[Command]:
    """All of them."""
    return (
        Command(
            "reprice",
            "change what a variant costs (development)",
            _price_arguments,
            partial(_reprice, work),
        ),
        Command(
            "withdraw",
            "take a product out of the shop (development)",
            _slug_argument,
            partial(_withdraw, work),
        ),
        Command(
            "republish",
            "put a withdrawn product back (development)",
            _slug_argument,
            partial(_republish, work),
        ),
    )


def _price_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sku", required=True, help="the variant's article number")
    price = whole(0, MAX_PRICE_MINOR)
    parser.add_argument(
        "--price-minor", required=True, type=price, help="the new price in the currency's minor unit, 1990 for 19.90"
    )


def _slug_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--slug", required=True, help="the product's name in addresses")


async def _reprice(work: Work, arguments: argparse.Namespace) -> None:
    with rejections_as(service_error):
        await work.perform(reprice_variant, RepriceVariant(arguments.sku, arguments.price_minor))


async def _withdraw(work: Work, arguments: argparse.Namespace) -> None:
    with rejections_as(service_error):
        await work.perform(withdraw_product, WithdrawProduct(arguments.slug))


async def _republish(work: Work, arguments: argparse.Namespace) -> None:
    with rejections_as(service_error):
        await work.perform(republish_product, RepublishProduct(arguments.slug))


def service_error(rejection: Rejection) -> ServiceError:
    """What whoever types a command reads of a rejection; raises one that nobody expects."""
    match rejection:
        case ProductNotFound(slug):
            return NotFound(f"There is no product {slug}.", ("slug",))
        case VariantNotFound(sku):
            return NotFound(f"There is no variant {sku}.", ("sku",))
        case ProductNotOnSale(slug):
            return FailedPrecondition(f"{slug} is not sold any more; republish it first.", ("sku",))
        case PriceOutOfRange():
            message = f"A price is 0 to {MAX_PRICE_MINOR} in the currency's minor unit."
            return BadUserInput(message, ("priceMinor",))
        case _:
            raise rejection
