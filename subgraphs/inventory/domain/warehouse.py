"""Where stock lies."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place that stock lies in; the lower ``priority`` the earlier it is taken from."""

    id: UUID
    code: str
    name: str
    country: str
    priority: int


@dataclass(frozen=True, slots=True)
class WarehouseLevel:
    """The stock of one variant in one warehouse."""

    warehouse: Warehouse
    on_hand: int
    held: int

    @property
    def available(self) -> int:
        """How many units can be promised."""
        return self.on_hand - self.held
