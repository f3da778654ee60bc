"""The commands behind the Makefile: python -m tilt.embedded up | down | reset | logs | seed | memory | environment."""

import argparse
import os
import sys

from tilt.embedded.commands import COMMANDS
from tilt.embedded.errors import MeshError
from tilt.embedded.settings import load_settings
from tilt.embedded.subgraphs import SUBGRAPHS


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tilt.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, description) in COMMANDS.items():
        command = commands.add_parser(name, help=description)
        if name == "logs":
            command.add_argument("service", nargs="?")
        if name == "environment":
            command.add_argument("subgraph", nargs="?", choices=SUBGRAPHS)
        if name == "seed":
            command.add_argument("--products", type=int)
    return parser.parse_args()


def main() -> None:
    """Run a command; what it cannot do it says in one line."""
    arguments = parse_arguments()
    run, _ = COMMANDS[arguments.command]
    try:
        run(load_settings(), arguments)
    except MeshError as error:
        sys.exit(f"mercato: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os._exit(0)  # `make logs | head`


if __name__ == "__main__":
    main()
