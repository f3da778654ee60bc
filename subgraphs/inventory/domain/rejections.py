"""What inventory rejects, with the facts of it. How each looks on the wire is told by the entrypoints."""

from dataclasses import dataclass
from uuid import UUID

from shared.errors import Rejection


@dataclass(eq=False)
class VariantNotFound(Rejection):
    """Inventory has no item for it."""

    variant_id: UUID


@dataclass(eq=False)
class WarehouseNotFound(Rejection):
    """The shop has no such warehouse."""

    warehouse_id: UUID


@dataclass(eq=False)
class NotEnoughStock(Rejection):
    """More units would leave a warehouse than the ``available`` ones, which are held for nobody."""

    available: int


@dataclass(eq=False)
class WarehouseFull(Rejection):
    """A warehouse takes so many units of a variant; ``room`` more fit in."""

    room: int


@dataclass(eq=False)
class ReservationNotFound(Rejection):
    """The order has no reservation."""

    order_id: UUID


@dataclass(eq=False)
class ReservationExists(Rejection):
    """The order has a reservation already, or had one that was released."""

    order_id: UUID


@dataclass(eq=False)
class ReservationReleased(Rejection):
    """What was released can't be committed."""


@dataclass(eq=False)
class ReservationCommitted(Rejection):
    """What was sold can't be released."""


@dataclass(eq=False)
class NothingSold(Rejection):
    """Nothing can be returned of a reservation in this ``state``."""

    state: str


@dataclass(eq=False)
class AttemptOver(Rejection):
    """A later attempt at the order, ``current``, has begun."""

    attempt: int
    current: int


@dataclass(eq=False)
class AttemptWithoutReservation(Rejection):
    """An attempt at the order that has reserved nothing."""

    attempt: int


@dataclass(eq=False)
class AttemptBegun(Rejection):
    """An attempt that is not before the one asked for has a reservation already."""

    attempt: int
    current: int


@dataclass(eq=False)
class EarlierAttemptHasUnits(Rejection):
    """An earlier attempt still holds units, or has sold ones that did not come back."""

    attempt: int
    state: str


@dataclass(eq=False)
class TooManyReturned(Rejection):
    """More is to come back of a line, the one at ``index``, than the ``returnable`` units."""

    index: int
    returnable: int
