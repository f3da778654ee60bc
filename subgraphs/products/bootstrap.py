"""Puts products together."""

import argparse

from shared.runtime.arguments import whole
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Command, Subgraph
from subgraphs.products.commands.reprice import reprice
from subgraphs.products.commands.withdraw import republish, withdraw
from subgraphs.products.domain.product import MAX_PRICE_MINOR
from subgraphs.products.entrypoints import media
from subgraphs.products.entrypoints.graphql import ProductsGraphQL
from subgraphs.products.infrastructure import tables
from subgraphs.products.queries.category_tree import Categories
from subgraphs.products.seed import seed
from subgraphs.products.settings import ProductsSettings


def build() -> Subgraph:
    """Products, configured by the environment."""
    settings = load_settings(ProductsSettings)
    graphql = ProductsGraphQL(Categories(), settings.media_url)
    return Subgraph(
        name="products",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(),
        entities=graphql.entities(),
        seed=seed,
        routes=media.ROUTES,
        commands=(
            Command("reprice", "change what a variant costs (development)", _price_arguments, _reprice),
            Command("withdraw", "take a product out of the shop (development)", _slug_argument, _withdraw),
            Command("republish", "put a withdrawn product back (development)", _slug_argument, _republish),
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


async def _reprice(arguments: argparse.Namespace) -> None:
    await reprice(arguments.sku, arguments.price_minor)


async def _withdraw(arguments: argparse.Namespace) -> None:
    await withdraw(arguments.slug)


async def _republish(arguments: argparse.Namespace) -> None:
    await republish(arguments.slug)
