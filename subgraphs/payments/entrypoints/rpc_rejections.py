"""How rejections look to other subgraphs: the status, the message and the field of the request."""

from schema.proto.mercato.payments.v1 import payments_pb2 as pb
from shared.errors import Conflict, FailedPrecondition, NotFound, Rejection, ServiceError
from shared.money import Money
from subgraphs.payments.domain.rejections import (
    AlreadyCaptured,
    AmountMismatch,
    AttemptOver,
    CaptureRejected,
    DisputeMismatch,
    KeyOfAmount,
    KeyOfOtherAmount,
    MoreIsLeft,
    NothingCaptured,
    NothingHeld,
    NothingToRepay,
    PaymentExists,
    PaymentNotFound,
    PaymentVoided,
    ProviderMissing,
    RefundRejected,
    StillHeld,
    TooMuchPaidOutside,
    TooMuchToRefund,
    VoidRejected,
)

Keyed = pb.AuthorizeRequest | pb.CaptureRequest | pb.VoidRequest | pb.RefundRequest

_ORDER = ("order_id",)
_AMOUNT = ("amount_minor",)
_PAID = ("paid_minor",)
_KEY = ("idempotency_key",)


def service_error(request: Keyed, rejection: Rejection) -> ServiceError:
    """What other subgraphs are answered to a rejection; raises one that they can't cause."""
    match rejection:
        case PaymentNotFound():
            return NotFound("This attempt at the order has no payment.", _ORDER)
        case AttemptOver():
            return FailedPrecondition("A later attempt at this order has begun: this one is over.", ("attempt",))
        case PaymentVoided():
            return _of_order("The order's payment was voided; it can't be authorized any more.")
        case PaymentExists():
            return _of_order("The order has a payment already.")
        case NothingHeld(status):
            return _of_order(f"The payment is {status}; only an authorized one can be captured.")
        case AlreadyCaptured():
            return _of_order("The payment was captured; it can't be voided, refund it.")
        case KeyOfOtherAmount():
            return Conflict("This idempotency_key came with another amount before; use a new key.", _KEY)
        case KeyOfAmount():
            return Conflict("This idempotency_key came with an amount before; use a new key.", _KEY)
        case TooMuchPaidOutside() | MoreIsLeft() | NothingToRepay():
            return _paid_outside(request, rejection)
        case _:
            return _of_provider(rejection)


def _of_provider(rejection: Rejection) -> ServiceError:
    match rejection:
        case ProviderMissing(provider):
            return _of_order(
                f"The payment can't be changed: its provider {provider} is not configured here;"
                " configure it, then orderRetry."
            )
        case CaptureRejected(word):
            return _of_order(f"The provider refuses to take the amount, which is still held ({word}).")
        case VoidRejected():
            return _of_order("The provider refuses to let the amount go, which is still held.")
        case RefundRejected(word):
            return FailedPrecondition(f"The provider refuses this refund, by its word {word}.", _AMOUNT)
        case AmountMismatch(provider, theirs, ours):
            return FailedPrecondition(
                f"{provider} tells of {_text(theirs)} for this payment of {_text(ours)};"
                " look at it on the provider's own page."
            )
        case DisputeMismatch():
            return FailedPrecondition(
                "The provider tells of a dispute about something else than was taken; a person must look at it."
            )
        case _:
            return _of_refund(rejection)


def _of_refund(rejection: Rejection) -> ServiceError:
    match rejection:
        case StillHeld(status):
            return _of_order(
                f"The payment is {status}: nothing was taken that could be given back, and the provider did not let go"
                " what is held; its log and its own page have the reason."
            )
        case NothingCaptured(status):
            return _of_order(f"The payment is {status}; only a captured one can be refunded.")
        case TooMuchToRefund(left):
            return FailedPrecondition(f"Only {_text(left)} of the captured amount can still be refunded.", _AMOUNT)
        case _:
            raise rejection


def _paid_outside(request: Keyed, rejection: TooMuchPaidOutside | MoreIsLeft | NothingToRepay) -> ServiceError:
    match rejection:
        case TooMuchPaidOutside(paid, most):
            message = (
                f"Only {_text(most)} can be booked as paid outside of the provider, not {paid.amount}:"
                " all that is booked so is never more than was captured."
            )
            is_rest = isinstance(request, pb.RefundRequest) and request.WhichOneof("what") == "remaining"
            return FailedPrecondition(message, _PAID if is_rest else _AMOUNT)
        case MoreIsLeft(paid, left):
            return FailedPrecondition(f"{_text(left)} are left to be paid, not {paid.amount}.", _PAID)
        case NothingToRepay(paid):
            nothing = Money(0, paid.currency).amount
            message = (
                f"Nothing was taken for the order that could be paid back, so {paid.amount} can't be booked:"
                f" say {nothing}."
            )
            return FailedPrecondition(message, _PAID)


def _of_order(message: str) -> FailedPrecondition:
    return FailedPrecondition(message, _ORDER)


def _text(money: Money) -> str:
    return f"{money.amount} {money.currency}"
