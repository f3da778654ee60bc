"""Puts inventory together."""

import argparse

from shared.ids import parse_id
from shared.runtime.arguments import whole
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Command, Subgraph
from shared.runtime.workers import Worker
from subgraphs.inventory.commands.expire_reservations import expire_reservations
from subgraphs.inventory.commands.set_stock import set_available
from subgraphs.inventory.commands.tell_backorder import tell_backorder
from subgraphs.inventory.domain.filling import POLICIES
from subgraphs.inventory.domain.requests import MOST_PIECES
from subgraphs.inventory.entrypoints import graphql, rpc
from subgraphs.inventory.entrypoints.workers import measure_lateness
from subgraphs.inventory.infrastructure import tables
from subgraphs.inventory.seed import seed
from subgraphs.inventory.settings import InventorySettings


def build() -> Subgraph:
    """Inventory, configured by the environment."""
    settings = load_settings(InventorySettings)
    return Subgraph(
        name="inventory",
        settings=settings,
        tables=tables,
        bindables=graphql.BINDABLES,
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.service(POLICIES[settings.fill_policy]),),
        workers=(Worker("expire-reservations", expire_reservations), Worker("measure-lateness", measure_lateness)),
        commands=(
            Command("set-stock", "put the stock of one variant to a number (development)", _arguments, _set_stock),
            Command("tell-backorder", "tell once more what an order waits for", _order, _tell_backorder),
        ),
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, help="the variant's id")
    parser.add_argument("--available", required=True, type=whole(0, MOST_PIECES), help="how many pieces can be bought afterwards")


async def _set_stock(arguments: argparse.Namespace) -> None:
    await set_available(parse_id(arguments.variant, "variant"), arguments.available, "set by hand")


def _order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--order", required=True, help="the order's id")


async def _tell_backorder(arguments: argparse.Namespace) -> None:
    await tell_backorder(parse_id(arguments.order, "order"))
