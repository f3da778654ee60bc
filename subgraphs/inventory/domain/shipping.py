"""How units would be sent, by what they weigh."""

from dataclasses import dataclass
from enum import StrEnum

PARCEL_GRAMS = 30_000  # what one person may carry, and carriers of parcels take
MOST_GRAMS = 2_000_000  # of one unit; heavier ones are no goods of a shop
MOST_UNITS = 999  # as many as a line of an order may have


class ShippingMethod(StrEnum):
    """How goods travel."""

    PARCEL = "PARCEL"
    FREIGHT = "FREIGHT"


@dataclass(frozen=True, slots=True)
class ShippingEstimate:
    """How units of one variant would be sent together; ``parcels`` is None for freight."""

    weight_grams: int
    method: ShippingMethod
    parcels: int | None


def shipping_estimate(unit_grams: int, units: int) -> ShippingEstimate | None:
    """The estimate for 1 to ``MOST_UNITS`` units that weigh ``unit_grams`` each; None for units beyond all scales."""
    if unit_grams > MOST_GRAMS:
        return None
    grams = unit_grams * units
    if unit_grams > PARCEL_GRAMS:
        return ShippingEstimate(grams, ShippingMethod.FREIGHT, None)
    in_a_parcel = PARCEL_GRAMS // unit_grams if unit_grams else units
    return ShippingEstimate(grams, ShippingMethod.PARCEL, -(-units // in_a_parcel))
