"""Units of an order's lines."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Units:
    """So many units of an order's line."""

    line_id: UUID
    quantity: int
