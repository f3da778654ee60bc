"""How far shipments are."""

from enum import StrEnum


class ShipmentStatus(StrEnum):
    """PENDING while the order's money is being taken first, REFUSED when it could not be taken."""

    PENDING = "PENDING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
