"""MERCATO_PORTS: the one switch that moves every port that nobody set by its own variable."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tilt.embedded.errors import MeshError
from tilt.embedded.ports import HIGHEST_PORT

_SHIFT = re.compile(r"[+-]?[0-9]{1,5}")
_EXAMPLE = "MERCATO_PORTS=+1000"


def _shift(given: object) -> int:
    text = str(given).strip()
    if not _SHIFT.fullmatch(text):
        raise ValueError(f"write how far all ports move, such as {_EXAMPLE}; 0 leaves them where they are")
    return int(text)


PortShift = Annotated[int, BeforeValidator(_shift)]


def shifted(port: int, shift: int) -> int:
    """Where a port lies that nobody set.

    Raises:
        MeshError: when there is no such port.
    """
    moved = port + shift
    if not 1 <= moved <= HIGHEST_PORT:
        raise MeshError(
            f"MERCATO_PORTS={shift:+d} moves port {port} to {moved}, and ports are 1 to {HIGHEST_PORT}."
            f" Choose another, such as {_EXAMPLE}"
        )
    return moved


def moving(port: int) -> Any:
    """A setting that is this port, as far away as MERCATO_PORTS says."""
    return Field(default_factory=lambda settings: shifted(port, settings["mercato_ports"]))
