"""Stripe's errors in our words; source: Stripe's API reference, "Errors".

Neither Stripe's answers nor its sentences for developers are logged: they may quote the buyer. Its codes and request ids are.
"""

import logging
from collections.abc import Mapping
from typing import Any

import stripe

from shared.errors import Internal, Unavailable
from subgraphs.payments.domain.ports import Decline, Declined, StepRefused
from subgraphs.payments.infrastructure.stripe_intents import read_decline

logger = logging.getLogger(__name__)

CREATE = "create"
RETRIEVE = "retrieve"
_ASKING_THE_BANK = (CREATE, "confirm", "capture")

Failure = Declined | StepRefused | Unavailable | Internal

_OUTCOMES: Mapping[type[Exception], str] = {
    Declined: "declined",
    StepRefused: "refused",
    Unavailable: "unavailable",
    Internal: "error",
}


def translated(operation: str, error: stripe.StripeError) -> Failure:
    """What an error of Stripe's SDK means to our callers."""
    match error:
        case stripe.CardError() if operation in _ASKING_THE_BANK:
            return Declined(read_decline(_error_fields(error)))
        case stripe.APIConnectionError() | stripe.RateLimitError() | stripe.APIError():
            _log(logging.WARNING, operation, error)
            return Unavailable("The payment provider can't be reached at the moment; try again.")
        case stripe.InvalidRequestError() if operation == CREATE:
            _log(logging.WARNING, operation, error)
            return Declined(_unusable(error))
        case stripe.InvalidRequestError() | stripe.CardError() if operation != RETRIEVE:
            _log(logging.INFO, operation, error)
            return StepRefused(error.code or "refused")
    _log(logging.ERROR, operation, error)
    return Internal("The payment provider does not accept our request; the log has its code.")


def outcome_of(failure: Failure) -> str:
    """The word for a failure in metrics."""
    return _OUTCOMES[type(failure)]


def _unusable(error: stripe.InvalidRequestError) -> Decline:
    """Why a payment can't even begin: its method is unknown unless Stripe names another parameter, such as a tiny amount."""
    if error.param in (None, "", "payment_method"):
        return Decline(error.code or "resource_missing", "This means of payment is not known; please enter it again.")
    return Decline(error.code or "invalid_request", "This order can't be paid by card; please choose another means of payment.")


def _error_fields(error: stripe.StripeError) -> Mapping[str, Any]:
    body = error.json_body
    fields = body.get("error") if isinstance(body, dict) else None
    return fields if isinstance(fields, dict) else {}


def _log(level: int, operation: str, error: stripe.StripeError) -> None:
    logger.log(
        level,
        "stripe: %s failed: %s, status %s, code %s, request %s",
        operation,
        type(error).__name__,
        error.http_status,
        error.code,
        error.request_id,
    )
