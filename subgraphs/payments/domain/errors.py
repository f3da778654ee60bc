"""The mistakes in operations on payment methods that callers can mend; ``PaymentErrorCode`` of the SDL."""

from enum import StrEnum

from shared.errors import UserError
from subgraphs.payments.domain.methods import MAX_SAVED_METHODS


class PaymentErrorCode(StrEnum):
    """The kinds of mistake."""

    INVALID = "INVALID"
    PAYMENT_METHOD_NOT_FOUND = "PAYMENT_METHOD_NOT_FOUND"
    PAYMENT_METHOD_REFUSED = "PAYMENT_METHOD_REFUSED"
    TOO_MANY_PAYMENT_METHODS = "TOO_MANY_PAYMENT_METHODS"


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


def method_refused(reason: str) -> UserError:
    """The provider or the bank does not take the card."""
    return UserError(PaymentErrorCode.PAYMENT_METHOD_REFUSED, reason, ("paymentMethodId",))


def too_many_methods() -> UserError:
    """There is no room for another card."""
    message = f"At most {MAX_SAVED_METHODS} payment methods can be kept; remove one with paymentMethodRemove first."
    return UserError(PaymentErrorCode.TOO_MANY_PAYMENT_METHODS, message, ("paymentMethodId",))
