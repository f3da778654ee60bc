"""``python -m tilt.scaffold add | update | remove NAME``: what the Makefile runs."""

import argparse
import sys
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.embedded.manifest import REPOSITORY
from tilt.scaffold import changes


def main() -> None:
    """Does it, or says in one line why not."""
    arguments = _arguments()
    try:
        _run(REPOSITORY, arguments)
    except MeshError as error:
        sys.exit(f"mercato: {error}")


def _run(root: Path, arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "add":
            changes.add(root, arguments.name, arguments.rpc, print)
        case "update":
            changes.update(root, arguments.name, print)
        case "remove":
            files = changes.files_of(root, arguments.name)
            if arguments.yes or _is_wanted(arguments.name, files):
                changes.remove(root, arguments.name, files, print)


def _is_wanted(name: str, files: list[Path]) -> bool:
    """Asks whoever sits there; what no terminal can answer needs YES=1."""
    print(f"This removes {name} with its database, and:", *(f"  {file}" for file in files), sep="\n")
    if not sys.stdin.isatty():
        raise MeshError(f"nobody can be asked here: make subgraph-remove NAME={name} YES=1")
    return input("Remove it? [y/N] ").strip().lower() in ("y", "yes")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tilt.scaffold", description="Subgraphs by the house's template.")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="make a new subgraph")
    add.add_argument("--rpc", action="store_true", help="with a gRPC service that other subgraphs may call")
    commands.add_parser("update", help="bring later changes of the template to a subgraph")
    remove = commands.add_parser("remove", help="take a subgraph away, with its data")
    remove.add_argument("--yes", action="store_true", help="ask nothing")
    for command in commands.choices.values():
        command.add_argument("name", help="a plural in lower case, such as reviews")
    return parser.parse_args()


if __name__ == "__main__":
    main()
