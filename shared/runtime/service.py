"""``python -m subgraphs.<name> serve | work | run | migrate | ...``: the same commands for every subgraph."""

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvloop

from shared import days
from shared.errors import NotFound, ServiceError
from shared.events.command_line import add_dead_letter_commands, add_outbox_commands
from shared.graphql.contract import ContractError
from shared.persistence import db, outbox
from shared.persistence.migration import migrate, tortoise, tortoise_config
from shared.runtime.arguments import require_text, whole
from shared.runtime.config import complaints_after, without_settings
from shared.runtime.exits import EXIT_CONFIGURATION
from shared.runtime.faults import arm_fault_points
from shared.runtime.running import opened, run, serve, work
from shared.runtime.subgraph import Subgraph
from shared.runtime.waiting import wait_for_database, wait_for_migrations
from shared.telemetry.logs import configure_logging
from shared.telemetry.tracing import start_exporting

DEFAULT_PRODUCTS = 240
_MOST_PRODUCTS = 10_000_000
_LONGEST_WAIT_SECONDS = 86_400


def main(build: Callable[[], Subgraph]) -> None:
    """Reads the command line, builds the subgraph and runs the command.

    Mistakes in the command line leave with status 2, and mistakes in settings, which are told after those, with 78.
    """
    with complaints_after(lambda: _require_known(build)):
        subgraph = _described(build) if _asks_for_help(sys.argv[1:]) else build()
    arguments = _typed(subgraph)
    settings = subgraph.settings
    arm_fault_points()
    configure_logging(subgraph.name, settings.log_level)
    outbox.limit_events(settings.event_max_bytes)
    days.keep_days_of(settings.time_zone)
    if settings.otlp_endpoint:
        start_exporting(subgraph.name, settings.otlp_endpoint)
    try:
        uvloop.run(arguments.action(subgraph, arguments))
    except ContractError as error:
        print(f"{subgraph.contract}:{'' if error.line else ' '}{error}", file=sys.stderr)
        sys.exit(EXIT_CONFIGURATION)
    except (ServiceError, ConnectionError) as error:
        sys.exit(f"{subgraph.name}: {error}")


def _require_known(build: Callable[[], Subgraph]) -> None:
    _typed(_described(build))


def _typed(subgraph: Subgraph) -> argparse.Namespace:
    parser = _parser(subgraph)
    require_text(parser, sys.argv[1:])
    return parser.parse_args()


def _asks_for_help(arguments: Sequence[str]) -> bool:
    return not arguments or not {"-h", "--help"}.isdisjoint(arguments)


def _described(build: Callable[[], Subgraph]) -> Subgraph:
    """The subgraph as far as its commands go: nothing of it runs, so it needs no setting."""
    with without_settings():
        return build()


def _parser(subgraph: Subgraph) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m subgraphs.{subgraph.name}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, action, help_text in (
        ("serve", serve, "answer GraphQL and gRPC"),
        ("work", work, "relay and consume events, run background work"),
        ("run", run, "serve and work in one process"),
    ):
        commands.add_parser(name, help=help_text).set_defaults(action=lambda graph, _, act=action: act(graph))
    _add_database_commands(commands)
    if subgraph.handlers:
        add_dead_letter_commands(commands, _connected, _opened)
    add_outbox_commands(commands, _connected)
    for command in subgraph.commands:
        own = commands.add_parser(command.name, help=command.help)
        command.arguments(own)
        own.set_defaults(action=lambda graph, arguments, act=command.run: _connected(graph, act(arguments)))
    return parser


def _add_database_commands(commands: Any) -> None:
    migration = commands.add_parser("migrate", help="bring the database's tables to the latest or another version")
    migration.add_argument("--to", metavar="APP.NAME", help="a migration, or APP.__first__ to undo all of an app's")
    _add_wait(migration, "how long to wait for a database that is away (default 0)")
    migration.set_defaults(action=_migrate)
    tool = commands.add_parser(
        "tortoise", help="Tortoise's own command line, such as: tortoise makemigrations inventory"
    )
    tool.add_argument("arguments", nargs=argparse.REMAINDER)
    tool.set_defaults(action=lambda graph, arguments: tortoise(graph, arguments.arguments))
    seed = commands.add_parser("seed", help="fill an empty database with a demonstration shop")
    seed.add_argument(
        "--products",
        type=whole(1, _MOST_PRODUCTS),
        default=DEFAULT_PRODUCTS,
        help=f"how many products (default {DEFAULT_PRODUCTS})",
    )
    _add_wait(seed, "how long to wait until the database is there and migrated (default 0)")
    seed.set_defaults(action=_seed)


def _add_wait(command: argparse.ArgumentParser, help_text: str) -> None:
    command.add_argument("--wait", type=whole(1, _LONGEST_WAIT_SECONDS), metavar="SECONDS", default=0, help=help_text)


async def _migrate(subgraph: Subgraph, arguments: argparse.Namespace) -> None:
    if arguments.wait:
        await wait_for_database(subgraph, arguments.wait)
    await migrate(subgraph, arguments.to)


async def _seed(subgraph: Subgraph, arguments: argparse.Namespace) -> None:
    if arguments.wait:
        await wait_for_migrations(subgraph, arguments.wait)
    try:
        await _connected(subgraph, subgraph.seed(arguments.products))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "seeds":
            raise
        raise NotFound(
            "there is no demonstration shop in this image; those of the target demonstration have one"
        ) from error


async def _opened(subgraph: Subgraph, action: Awaitable[None]) -> None:
    async with opened(subgraph):
        await action


async def _connected(subgraph: Subgraph, action: Awaitable[None]) -> None:
    async with db.connected(tortoise_config(subgraph)):
        await action
