"""A shape: how it is drawn, whether it stands on the floor or hangs on the wall, and its usual colour."""

from collections.abc import Callable
from dataclasses import dataclass

from seeds.pictures.canvas import Paint


@dataclass(frozen=True, slots=True)
class Shape:
    draw: Callable[[Paint], str]
    stands: bool = True
    usual_colour: str | None = None


def standing(draw: Callable[[Paint], str], usual_colour: str | None = None) -> Shape:
    """`usual_colour` is for things that come in any colour only when they say so, such as chopping boards."""
    return Shape(draw, True, usual_colour)


def hanging(draw: Callable[[Paint], str], usual_colour: str | None = None) -> Shape:
    return Shape(draw, False, usual_colour)
