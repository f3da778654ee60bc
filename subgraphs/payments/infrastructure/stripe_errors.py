"""Stripe's errors in our words; source: Stripe's API reference, "Errors".

Neither Stripe's answers nor its sentences for developers are logged: they may quote the buyer.
Its codes and request ids are.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import stripe

from shared.errors import Internal, Unavailable
from subgraphs.payments.domain.provider import Decline, DeclinedError, FailedError, Intent, StepRejectedError
from subgraphs.payments.infrastructure.stripe_intents import read_decline, read_intent

logger = logging.getLogger(__name__)

BEGIN = "begin"
RETRIEVE = "retrieve"
SAVE = "save"
_ASKING_THE_BANK = (BEGIN, "confirm", "capture", SAVE)
_IN_USE = ("idempotency_key_in_use", "lock_timeout")  # two requests at once: the other one is still at work

Failure = DeclinedError | StepRejectedError | Unavailable | Internal
FAILURES = (DeclinedError, StepRejectedError, Unavailable, Internal)

_OUTCOMES: Sequence[tuple[type[Exception], str]] = (
    (DeclinedError, "declined"),
    (StepRejectedError, "refused"),
    (FailedError, "failed"),
    (Unavailable, "unavailable"),
    (Internal, "error"),
)
_UNKNOWN_CARD = Decline("resource_missing", "This card can't be kept; please enter it again.")
_REPLAYED = "replayed by its idempotency key"


class DeclinedIntentError(DeclinedError):
    """The bank said no to an intent that Stripe keeps all the same."""

    def __init__(self, intent: Intent, decline: Decline) -> None:
        super().__init__(decline)
        self.intent = intent


def translated(operation: str, error: stripe.StripeError) -> Failure:
    """What an error of Stripe's SDK means to our callers; ``is_replayed`` tells whether it is news."""
    failure = _meaning(operation, error)
    if (error.headers or {}).get("idempotent-replayed") == "true":
        failure.add_note(_REPLAYED)
    return failure


def is_replayed(failure: Exception) -> bool:
    """Whether Stripe only told again what an earlier request with the same idempotency key had come to."""
    return _REPLAYED in getattr(failure, "__notes__", ())


def _meaning(operation: str, error: stripe.StripeError) -> Failure:
    if isinstance(error, stripe.CardError) and operation in _ASKING_THE_BANK:
        return _declined(error_fields(error))
    failure = _rejected(operation, error) or _away(error)
    level = logging.INFO if isinstance(failure, StepRejectedError) else logging.WARNING
    _log(level if failure else logging.ERROR, operation, error)
    return failure or Internal("The payment provider does not accept our request; the log has its code.")


def unreachable(operation: str, error: Exception) -> Unavailable:
    """An answer that broke off, which the SDK does not translate."""
    logger.warning("stripe: %s broke off: %s", operation, type(error).__name__)
    return Unavailable("The payment provider can't be reached at the moment; try again.")


def outcome_of(failure: Failure) -> str:
    """The word for a failure in metrics."""
    return next(outcome for kind, outcome in _OUTCOMES if isinstance(failure, kind))


def error_fields(error: stripe.StripeError) -> Mapping[str, Any]:
    """The error as Stripe's JSON has it."""
    body = error.json_body
    fields = body.get("error") if isinstance(body, dict) else None
    return fields if isinstance(fields, dict) else {}


def _declined(fields: Mapping[str, Any]) -> DeclinedError:
    intent = fields.get("payment_intent")
    decline = read_decline(fields)
    return (
        DeclinedIntentError(replace(read_intent(intent), decline=decline), decline)
        if intent
        else DeclinedError(decline)
    )


def _away(error: stripe.StripeError) -> Failure | None:
    """Stripe, or the way to it, is in trouble."""
    if isinstance(error, stripe.APIError) and error.http_status is not None and error.http_status >= 500:
        return FailedError("The payment provider failed; try again.")
    if error.code in _IN_USE or isinstance(error, stripe.APIConnectionError | stripe.RateLimitError | stripe.APIError):
        return Unavailable("The payment provider can't be reached at the moment; try again.")
    return None


def _rejected(operation: str, error: stripe.StripeError) -> Failure | None:
    """Stripe won't do this with what it was given, or with its own payment as it stands."""
    if operation == SAVE and error.http_status == 404:  # an id that is no part of any address of Stripe's
        return DeclinedError(_UNKNOWN_CARD)
    if (
        operation == RETRIEVE
        or error.code in _IN_USE
        or not isinstance(error, stripe.InvalidRequestError | stripe.CardError)
    ):
        return None
    if operation == BEGIN:
        return DeclinedError(_unusable(error))
    if operation == SAVE:
        return DeclinedError(_UNKNOWN_CARD)
    return StepRejectedError(error.code or "refused")


def _unusable(error: stripe.InvalidRequestError | stripe.CardError) -> Decline:
    """Why a payment can't even begin:
    its method is unknown unless Stripe names another parameter, such as a tiny amount.
    """
    if error.param in (None, "", "payment_method"):
        return Decline(error.code or "resource_missing", "This means of payment is not known; please enter it again.")
    return Decline(
        error.code or "invalid_request", "This order can't be paid by card; please choose another means of payment."
    )


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
