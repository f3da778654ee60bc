"""How units would be sent, by what they weigh."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subgraphs.inventory.domain.shipping import (
    MOST_GRAMS,
    MOST_UNITS,
    PARCEL_GRAMS,
    ShippingMethod,
    shipping_estimate,
)

UNITS = st.integers(1, MOST_UNITS)


@pytest.mark.parametrize(
    ("grams", "units", "parcels"),
    [
        (0, 999, 1),
        (350, 1, 1),
        (350, 85, 1),
        (350, 86, 2),
        (PARCEL_GRAMS, 3, 3),
        (PARCEL_GRAMS // 2, 3, 2),
        (PARCEL_GRAMS // 2 + 1, 3, 3),
    ],
)
def test_a_parcel_takes_as_many_units_as_weigh_no_more_than_it_carries(grams: int, units: int, parcels: int) -> None:
    estimate = shipping_estimate(grams, units)
    assert estimate is not None
    assert (estimate.method, estimate.weight_grams, estimate.parcels) == (ShippingMethod.PARCEL, grams * units, parcels)


@given(grams=st.integers(0, PARCEL_GRAMS), units=UNITS)
def test_all_units_fit_into_their_parcels_and_never_into_one_less(grams: int, units: int) -> None:
    estimate = shipping_estimate(grams, units)
    assert estimate is not None
    assert estimate.parcels is not None
    a_parcel = PARCEL_GRAMS // grams if grams else units
    assert (estimate.parcels - 1) * a_parcel < units <= estimate.parcels * a_parcel


@given(grams=st.integers(PARCEL_GRAMS + 1, MOST_GRAMS), units=UNITS)
def test_what_is_too_heavy_for_a_parcel_is_freight_and_weighs_what_graphql_can_tell(grams: int, units: int) -> None:
    estimate = shipping_estimate(grams, units)
    assert estimate is not None
    assert (estimate.method, estimate.parcels) == (ShippingMethod.FREIGHT, None)
    assert estimate.weight_grams < 2**31


@given(grams=st.integers(MOST_GRAMS + 1), units=UNITS)
def test_what_is_beyond_all_scales_has_no_estimate(grams: int, units: int) -> None:
    assert shipping_estimate(grams, units) is None
