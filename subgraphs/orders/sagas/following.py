"""What follows a step of a saga."""

from dataclasses import dataclass
from typing import TypeAlias

from subgraphs.orders.domain.fulfilment import Saga


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The next step is recorded, and the worker tries it now."""

    saga: Saga


@dataclass(frozen=True, slots=True)
class Paused:
    """The saga is due again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing is left to do, or it requires intervention."""


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Another worker has the saga: the answer of this one is dropped."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The worker stops, and the saga is due for others."""


Following: TypeAlias = GoesOn | Paused | Ended | TakenOver
TurnEnd: TypeAlias = Paused | Ended | TakenOver | Stopped
