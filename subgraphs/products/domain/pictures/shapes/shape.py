"""A shape: how it is drawn, and whether it stands on the floor or hangs on the wall."""

from collections.abc import Callable
from dataclasses import dataclass

from subgraphs.products.domain.pictures.canvas import Paint


@dataclass(frozen=True, slots=True)
class Shape:
    draw: Callable[[Paint], str]
    stands: bool = True


def standing(draw: Callable[[Paint], str]) -> Shape:
    return Shape(draw)


def hanging(draw: Callable[[Paint], str]) -> Shape:
    return Shape(draw, stands=False)
