"""Every rejection of carts looks like something on the wire."""

import pytest

from shared.errors import Rejection
from subgraphs.orders.domain import cart_rejections as rejections
from subgraphs.orders.entrypoints.graphql.cart_rejections import user_error

LINES = {"cart_id": "x", "lines": [{}, {}, {}]}
LINE_IDS = {"cart_id": "x", "line_ids": ["x"]}
MERGE = {"cart_id": "x"}
ALL = [
    (
        rejections.CartNotFound(),
        LINES,
        "CART_NOT_FOUND",
        ("cartId",),
        "There is no such cart; start one with cartCreate.",
    ),
    (
        rejections.CartAlreadyOrdered(),
        LINES,
        "CART_ALREADY_ORDERED",
        ("cartId",),
        "This cart was ordered; start a new one with cartCreate.",
    ),
    (
        rejections.CartFull(),
        LINES,
        "CART_FULL",
        ("lines",),
        "A cart holds at most 100 lines; remove some first.",
    ),
    (
        rejections.CartFull(),
        MERGE,
        "CART_FULL",
        ("cartId",),
        "A cart holds at most 100 lines; remove some first.",
    ),
    (
        rejections.VariantNotSold(2),
        LINES,
        "VARIANT_NOT_FOUND",
        ("lines", "2", "variantId"),
        "The shop sells no such variant; choose another one.",
    ),
    (
        rejections.CartLineNotFound(2),
        LINES,
        "LINE_NOT_FOUND",
        ("lines", "2", "lineId"),
        "The cart has no such line; ask for the cart's lines again.",
    ),
    (
        rejections.CartLineNotFound(0),
        LINE_IDS,
        "LINE_NOT_FOUND",
        ("lineIds", "0"),
        "The cart has no such line; ask for the cart's lines again.",
    ),
    (
        rejections.TooManyUnits(1, 1000),
        LINES,
        "QUANTITY_OUT_OF_RANGE",
        ("lines", "1", "quantity"),
        "A line holds 1 to 999 pieces, not 1000.",
    ),
    (
        rejections.LineInOtherCurrency(1, "USD", "EUR"),
        LINES,
        "INVALID",
        ("lines", "1", "variantId"),
        "The cart's prices are in EUR, this one is in USD; use another cart for it.",
    ),
    (
        rejections.CartsInSeveralCurrencies(["EUR", "USD"]),
        MERGE,
        "INVALID",
        ("cartId",),
        "The prices of the two carts are in EUR and USD; order your own cart first, then merge this one.",
    ),
]


def test_all_rejections_are_here() -> None:
    assert {type(rejection) for rejection, *_ in ALL} == {
        each for each in vars(rejections).values() if isinstance(each, type) and each.__module__ == rejections.__name__
    }


@pytest.mark.parametrize(("rejection", "given", "code", "field", "message"), ALL)
def test_each_rejection_has_its_words_and_its_field(
    rejection: Rejection, given: dict[str, object], code: str, field: tuple[str, ...], message: str
) -> None:
    error = user_error(rejection, given)
    assert (error.code, error.field, error.message) == (code, field, message)


def test_a_rejection_that_nobody_expects_is_raised() -> None:
    with pytest.raises(Rejection):
        user_error(Rejection(), LINES)
