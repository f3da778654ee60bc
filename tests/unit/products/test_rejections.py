"""Every rejection of the domain has words for whoever typed the command."""

import pytest

from shared.errors import BadUserInput, FailedPrecondition, NotFound, Rejection, ServiceError
from subgraphs.products.domain import rejections
from subgraphs.products.entrypoints.command_line import service_error

ALL: list[tuple[Rejection, type[ServiceError], str, str]] = [
    (rejections.ProductNotFound("desk-lamp"), NotFound, "There is no product desk-lamp.", "slug"),
    (rejections.VariantNotFound("LAMP-7"), NotFound, "There is no variant LAMP-7.", "sku"),
    (
        rejections.ProductNotOnSale("desk-lamp"),
        FailedPrecondition,
        "desk-lamp is not sold any more; republish it first.",
        "sku",
    ),
    (
        rejections.PriceOutOfRange(-1),
        BadUserInput,
        "A price is 0 to 9007199254740991 in the currency's minor unit.",
        "priceMinor",
    ),
]


def test_all_rejections_are_here() -> None:
    assert {type(each) for each, *_ in ALL} == {
        each for each in vars(rejections).values() if isinstance(each, type) and each.__module__ == rejections.__name__
    }


@pytest.mark.parametrize(("rejection", "kind", "message", "field"), ALL, ids=[type(each).__name__ for each, *_ in ALL])
def test_each_rejection_has_its_words(rejection: Rejection, kind: type[ServiceError], message: str, field: str) -> None:
    error = service_error(rejection)
    assert (type(error), error.message, error.field) == (kind, message, (field,))


def test_a_rejection_that_nobody_expects_is_raised() -> None:
    with pytest.raises(Rejection):
        service_error(Rejection())
