"""How mistakes and rejections look to clients:
``PaymentErrorCode`` of the SDL, what to do about it, and the field of the input.
"""

import contextlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from shared.errors import Rejection, UserError, UserErrors
from subgraphs.payments.domain.rejections import MethodDeclined, MethodNotFound, TooManyMethods


class PaymentErrorCode(StrEnum):
    """The kinds of mistake."""

    INVALID = "INVALID"
    PAYMENT_METHOD_NOT_FOUND = "PAYMENT_METHOD_NOT_FOUND"
    PAYMENT_METHOD_REFUSED = "PAYMENT_METHOD_REFUSED"
    TOO_MANY_PAYMENT_METHODS = "TOO_MANY_PAYMENT_METHODS"


def user_error(rejection: Rejection, _: Mapping[str, Any]) -> UserError:
    """What a client reads of a rejection; raises one that is no mistake of the caller's."""
    match rejection:
        case MethodNotFound():
            return method_not_found()
        case MethodDeclined(reason):
            return UserError(PaymentErrorCode.PAYMENT_METHOD_REFUSED, reason, ("paymentMethodId",))
        case TooManyMethods(most):
            message = f"At most {most} payment methods can be kept; remove one with paymentMethodRemove first."
            return UserError(PaymentErrorCode.TOO_MANY_PAYMENT_METHODS, message, ("paymentMethodId",))
        case _:
            raise rejection


@contextlib.contextmanager
def rejections_as_user_errors() -> Iterator[None]:
    """Has a rejection free the mutation's key for another request, as ``UserErrors`` do: nothing was changed."""
    try:
        yield
    except Rejection as rejection:
        raise UserErrors(user_error(rejection, {})) from rejection


def malformed_method(message: str) -> UserError:
    """A text that can't be a provider's id."""
    return UserError(PaymentErrorCode.INVALID, message, ("paymentMethodId",))


def method_not_found() -> UserError:
    """No such card, or somebody else's: the caller can't tell which."""
    message = "There is no such payment method; ask for paymentMethods again."
    return UserError(PaymentErrorCode.PAYMENT_METHOD_NOT_FOUND, message, ("id",))


def method_gone() -> UserError:
    """The card that a repeated request kept was removed since."""
    message = "This card was kept, and was removed since; enter it again, and send it with a new idempotencyKey."
    return UserError(PaymentErrorCode.PAYMENT_METHOD_NOT_FOUND, message, ("paymentMethodId",))
