"""``python -m tilt.examples NAME=HOST:PORT ... [--pins FILE ...]``: answers for these subgraphs; the mesh runs it."""

import argparse
from pathlib import Path

import uvloop

from shared.telemetry.logs import configure_logging
from tilt.examples.serving import Place, serve


def place(text: str) -> Place:
    """Reads NAME=HOST:PORT."""
    name, _, address = text.partition("=")
    host, _, port = address.rpartition(":")
    return Place(name, host, int(port))


def main() -> None:
    """Serves until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tilt.examples", description="Answers examples.")
    parser.add_argument("places", nargs="+", type=place, metavar="NAME=HOST:PORT")
    parser.add_argument("--pins", nargs="*", type=Path, default=[], metavar="FILE")
    arguments = parser.parse_args()
    configure_logging("examples", "INFO")
    uvloop.run(serve(arguments.places, arguments.pins))


if __name__ == "__main__":
    main()
