"""``OrderErrorCode`` of the SDL."""

from enum import StrEnum

from shared.errors import UserError


class OrderErrorCode(StrEnum):
    """The kinds of mistake in operations on carts and orders that callers can mend."""

    INVALID = "INVALID"
    CART_NOT_FOUND = "CART_NOT_FOUND"
    LINE_NOT_FOUND = "LINE_NOT_FOUND"
    VARIANT_NOT_FOUND = "VARIANT_NOT_FOUND"
    QUANTITY_OUT_OF_RANGE = "QUANTITY_OUT_OF_RANGE"
    CART_FULL = "CART_FULL"
    CART_EMPTY = "CART_EMPTY"
    CART_ALREADY_ORDERED = "CART_ALREADY_ORDERED"
    LINE_HAS_PROBLEMS = "LINE_HAS_PROBLEMS"
    ORDER_NOT_FOUND = "ORDER_NOT_FOUND"
    SHIPMENT_NOT_FOUND = "SHIPMENT_NOT_FOUND"
    WRONG_STATUS = "WRONG_STATUS"
    EXCEEDS_REMAINING = "EXCEEDS_REMAINING"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    CANCELLED_FOR_GOOD = "CANCELLED_FOR_GOOD"
    ORDERED_ANEW = "ORDERED_ANEW"
    TOO_MANY_ORDERS = "TOO_MANY_ORDERS"


def invalid(message: str, *field: str) -> UserError:
    """A field that is empty, too long, malformed or contradicts another."""
    return UserError(OrderErrorCode.INVALID, message, field)
