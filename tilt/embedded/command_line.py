"""What is typed after ``python -m tilt.embedded``; what can't be done ends the process with one line."""

import argparse
import errno
import sys

from shared.runtime import arguments
from tilt.embedded.commands import COMMANDS
from tilt.embedded.errors import MeshError
from tilt.embedded.settings import load_settings
from tilt.embedded.subgraphs import SUBGRAPHS

_MOST_PRODUCTS = 10_000_000  # as ``seed`` of each subgraph has it
_LONGEST_TOKEN = 366 * 86_400  # seconds, as users has it
_FULL = (errno.ENOSPC, errno.EDQUOT)


def parse_arguments() -> argparse.Namespace:
    """Reads the command line; ``--help`` needs no setting."""
    parser = argparse.ArgumentParser(
        prog="python -m tilt.embedded", description="The mesh without a cluster, as the Makefile runs it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, description) in COMMANDS.items():
        command = commands.add_parser(name, help=description)
        if name == "logs":
            command.add_argument("service", nargs="?")
        if name == "restart":
            command.add_argument("service")
        if name == "environment":
            command.add_argument("subgraph", nargs="?", choices=SUBGRAPHS)
        if name == "run":
            command.add_argument("subgraph", nargs="?")
            command.add_argument("arguments", nargs=argparse.REMAINDER, help="what comes after `python -m subgraphs.X`")
        if name == "token":
            command.add_argument("--email", required=True, help="whose; one that is pinned, or any other")
            command.add_argument("--scope", default="", help='what it allows beside shopping, such as "orders:refund"')
            command.add_argument(
                "--expires-in", type=arguments.whole(1, _LONGEST_TOKEN), default=600, metavar="SECONDS"
            )
        if name == "seed":
            command.add_argument("--products", type=arguments.whole(1, _MOST_PRODUCTS))
    return parser.parse_args()


def run(arguments: argparse.Namespace) -> None:
    """Runs the command.

    Raises:
        SystemExit: with one line, when it can't be done.
    """
    action, _ = COMMANDS[arguments.command]
    try:
        action(load_settings(), arguments)
    except MeshError as error:
        sys.exit(f"mercato: {error}")
    except (BrokenPipeError, ConnectionError):
        raise
    except OSError as error:
        sys.exit(f"mercato: {_told(error)}")


def _told(error: OSError) -> str:
    where = f" {error.filename}" if error.filename else ""
    if error.errno in _FULL:
        return (
            f"the disk is full{':' if where else ''}{where}."
            " Free some room, or choose another disk: MERCATO_DATA_DIR=..."
        )
    return (
        f"{error.strerror or error}{':' if where else ''}{where}."
        " Mend that, or choose another folder: MERCATO_DATA_DIR=..."
    )
