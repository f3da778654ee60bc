"""The mistakes in operations on carts and orders that callers can mend; ``OrderErrorCode`` of the SDL."""

from enum import StrEnum

from shared.errors import UserError


class OrderErrorCode(StrEnum):
    """The kinds of mistake."""

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


def invalid(message: str, *field: str) -> UserError:
    """A field that is empty, too long or malformed."""
    return UserError(OrderErrorCode.INVALID, message, field)


def cart_not_found() -> UserError:
    """No such cart, or somebody else's: the caller can't tell which."""
    return UserError(OrderErrorCode.CART_NOT_FOUND, "There is no such cart; start one with cartCreate.", ("cartId",))


def cart_already_ordered() -> UserError:
    """The cart's content is an order now."""
    return UserError(
        OrderErrorCode.CART_ALREADY_ORDERED, "This cart was ordered; start a new one with cartCreate.", ("cartId",)
    )


def cart_empty() -> UserError:
    """There is nothing to order."""
    return UserError(
        OrderErrorCode.CART_EMPTY, "The cart is empty; add something with cartAddLines first.", ("cartId",)
    )


def order_not_found() -> UserError:
    """No such order, or somebody else's: the caller can't tell which."""
    return UserError(
        OrderErrorCode.ORDER_NOT_FOUND, "There is no such order; take its id from your orders.", ("orderId",)
    )


def wrong_status(message: str, *field: str) -> UserError:
    """The order's status, which the message names, does not allow it."""
    return UserError(OrderErrorCode.WRONG_STATUS, message, field)


def exceeds_remaining(message: str, *field: str) -> UserError:
    """More than what is left."""
    return UserError(OrderErrorCode.EXCEEDS_REMAINING, message, field)
