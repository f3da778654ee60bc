"""Every rejection of the domain looks like something on the wire."""

from uuid import UUID

import pytest

from shared.errors import Rejection, ServiceError, UserError
from subgraphs.inventory.domain import rejections
from subgraphs.inventory.entrypoints.graphql.rejections import user_error
from subgraphs.inventory.entrypoints.rpc import service_error

VARIANT, HAMBURG, LYON = (UUID(int=number) for number in (1, 2, 3))
TRANSFER = {"variant_id": str(VARIANT), "from_warehouse_id": str(HAMBURG), "to_warehouse_id": str(LYON), "quantity": 5}
ADJUSTMENT = {"variant_id": str(VARIANT), "warehouse_id": str(HAMBURG), "delta": -5}
ALL = [
    rejections.VariantNotFound(VARIANT),
    rejections.WarehouseNotFound(LYON),
    rejections.NotEnoughStock(3),
    rejections.WarehouseFull(3),
    rejections.ReservationNotFound(VARIANT),
    rejections.ReservationExists(VARIANT),
    rejections.ReservationReleased(),
    rejections.ReservationCommitted(),
    rejections.NothingSold("HELD"),
    rejections.AttemptOver(1, 2),
    rejections.AttemptWithoutReservation(2),
    rejections.AttemptBegun(1, 2),
    rejections.EarlierAttemptHasUnits(1, "HELD"),
    rejections.TooManyReturned(0, 1),
]


def on_the_wire(rejection: Rejection) -> UserError | ServiceError:
    """What staff or other subgraphs are answered."""
    try:
        return user_error(rejection, TRANSFER)
    except Rejection:
        return service_error(rejection)


def test_all_rejections_are_here() -> None:
    assert {type(each) for each in ALL} == {
        each for each in vars(rejections).values() if isinstance(each, type) and each.__module__ == rejections.__name__
    }


@pytest.mark.parametrize("rejection", ALL, ids=lambda each: type(each).__name__)
def test_each_rejection_has_its_words(rejection: Rejection) -> None:
    assert on_the_wire(rejection).message


@pytest.mark.parametrize(
    ("rejection", "field"),
    [
        (rejections.VariantNotFound(VARIANT), "variantId"),
        (rejections.WarehouseNotFound(HAMBURG), "fromWarehouseId"),
        (rejections.WarehouseNotFound(LYON), "toWarehouseId"),
        (rejections.NotEnoughStock(3), "quantity"),
        (rejections.WarehouseFull(3), "quantity"),
    ],
)
def test_the_field_at_fault_is_the_one_that_names_it(rejection: Rejection, field: str) -> None:
    assert user_error(rejection, TRANSFER).field == (field,)


def test_units_of_a_correction_are_its_delta() -> None:
    assert user_error(rejections.NotEnoughStock(3), ADJUSTMENT).field == ("delta",)


def test_a_rejection_that_nobody_expects_is_raised() -> None:
    with pytest.raises(Rejection):
        service_error(Rejection())
