"""Commands of ``python -m subgraphs.inventory`` beside those of every subgraph."""

import argparse
from collections.abc import Sequence
from functools import partial

from shared.errors import NotFound, Rejection, ServiceError, rejections_as
from shared.ids import parse_id
from shared.persistence.work import UnitOfWork
from shared.runtime.arguments import whole
from shared.runtime.subgraph import Command
from subgraphs.inventory.commands.set_available import SetAvailable, set_available
from subgraphs.inventory.commands.tell_backorder import TellBackorder, tell_backorder
from subgraphs.inventory.domain.ports import InventoryWork
from subgraphs.inventory.domain.rejections import ReservationNotFound, VariantNotFound
from subgraphs.inventory.domain.stock import MOST_UNITS


def commands(work: UnitOfWork[InventoryWork]) -> Sequence[Command]:
    """All of them."""
    return (
        Command(
            "set-stock",
            "put the stock of one variant to a number (development)",
            _stock_arguments,
            partial(_set_stock, work),
        ),
        Command(
            "tell-backorder",
            "tell once more what an order waits for",
            _order_argument,
            partial(_tell_backorder, work),
        ),
    )


def _stock_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--variant", required=True, help="the variant's id")
    parser.add_argument(
        "--available", required=True, type=whole(0, MOST_UNITS), help="how many pieces can be bought afterwards"
    )


async def _set_stock(work: UnitOfWork[InventoryWork], arguments: argparse.Namespace) -> None:
    command = SetAvailable(parse_id(arguments.variant, "variant"), arguments.available, "set by hand")
    with rejections_as(_error):
        await work.perform(set_available, command)


def _order_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--order", required=True, help="the order's id")


async def _tell_backorder(work: UnitOfWork[InventoryWork], arguments: argparse.Namespace) -> None:
    with rejections_as(_error):
        await work.perform(tell_backorder, TellBackorder(parse_id(arguments.order, "order")))


def _error(rejection: Rejection) -> ServiceError:
    match rejection:
        case VariantNotFound():
            return NotFound("Inventory does not know this variant.", ("variant",))
        case ReservationNotFound():
            return NotFound("The order has no reservation.", ("order",))
        case _:
            raise rejection
