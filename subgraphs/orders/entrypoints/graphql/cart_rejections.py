"""How mistakes in operations on carts look to clients: code, what to do about it, and the field of the input."""

from collections.abc import Mapping
from typing import Any

from shared.errors import Rejection, UserError
from subgraphs.orders.domain.cart import MAX_LINES, MAX_QUANTITY
from subgraphs.orders.domain.cart_rejections import (
    CartAlreadyOrdered,
    CartFull,
    CartLineNotFound,
    CartNotFound,
    CartsInSeveralCurrencies,
    LineInOtherCurrency,
    TooManyUnits,
    VariantNotSold,
)
from subgraphs.orders.domain.errors import OrderErrorCode

_CART = ("cartId",)


def user_error(rejection: Rejection, input: Mapping[str, Any]) -> UserError:
    """What a client reads of a rejection; raises one that is no mistake of the caller's."""
    match rejection:
        case CartNotFound():
            return cart_not_found()
        case CartAlreadyOrdered():
            message = "This cart was ordered; start a new one with cartCreate."
            return UserError(OrderErrorCode.CART_ALREADY_ORDERED, message, _CART)
        case CartFull():
            message = f"A cart holds at most {MAX_LINES} lines; remove some first."
            return UserError(OrderErrorCode.CART_FULL, message, ("lines",) if "lines" in input else _CART)
        case CartsInSeveralCurrencies(currencies):
            prices = f"The prices of the two carts are in {' and '.join(currencies)}"
            return _invalid(f"{prices}; order your own cart first, then merge this one.", *_CART)
        case _:
            return _line_error(rejection, input)


def cart_not_found() -> UserError:
    """No such cart, or somebody else's: the caller can't tell which."""
    return UserError(OrderErrorCode.CART_NOT_FOUND, "There is no such cart; start one with cartCreate.", _CART)


def merged_cart_gone() -> UserError:
    """The cart that a repeated merge has made is no cart of the user's any more."""
    message = "The cart that this request made was merged into another or thrown away since; ask for myCarts."
    return UserError(OrderErrorCode.CART_NOT_FOUND, message, _CART)


def wrong_count(count: int, field: str) -> UserError:
    """An operation names no line, or too many."""
    return _invalid(f"Name 1 to {MAX_LINES} lines, not {count}.", field)


def quantity_out_of_range(quantity: int, index: int) -> UserError:
    """A line would hold no units, or more than it can."""
    message = f"A line holds 1 to {MAX_QUANTITY} pieces, not {quantity}."
    return UserError(OrderErrorCode.QUANTITY_OUT_OF_RANGE, message, ("lines", str(index), "quantity"))


def repeated_line(index: int) -> UserError:
    """Nobody knows which of two quantities is meant."""
    return _invalid("This line is named twice; name it once.", "lines", str(index), "lineId")


def _line_error(rejection: Rejection, input: Mapping[str, Any]) -> UserError:
    match rejection:
        case TooManyUnits(index, quantity):
            return quantity_out_of_range(quantity, index)
        case VariantNotSold(index):
            message = "The shop sells no such variant; choose another one."
            return UserError(OrderErrorCode.VARIANT_NOT_FOUND, message, ("lines", str(index), "variantId"))
        case LineInOtherCurrency(index, currency, cart_currency):
            message = f"The cart's prices are in {cart_currency}, this one is in {currency}; use another cart for it."
            return _invalid(message, "lines", str(index), "variantId")
        case CartLineNotFound(index):
            message = "The cart has no such line; ask for the cart's lines again."
            field = ("lines", str(index), "lineId") if "lines" in input else ("lineIds", str(index))
            return UserError(OrderErrorCode.LINE_NOT_FOUND, message, field)
        case _:
            raise rejection


def _invalid(message: str, *field: str) -> UserError:
    return UserError(OrderErrorCode.INVALID, message, field)
