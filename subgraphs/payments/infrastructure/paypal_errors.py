"""PayPal's errors in our words;
source: PayPal's API reference, "API responses", "Orders v2 errors" and "Payments v2 errors".

Neither PayPal's answers nor its sentences are logged: they may quote the buyer.
Its error and issue names and its debug ids are.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson

from shared.errors import Internal, Unavailable
from subgraphs.payments.domain.provider import Decline, DeclinedError, StepRejectedError

logger = logging.getLogger(__name__)

BEGIN = "begin"
RETRIEVE = "retrieve"
_ASKING_THE_BANK = ("confirm", "capture")
UNPAYABLE = "This order can't be paid by PayPal; please choose another means of payment."
_REFUSED = "PayPal declined this payment; please choose another means of payment."

# The names by which PayPal declines the buyer's means of payment, or the buyer; all others reject the step.
_DECLINES = frozenset(
    {
        "AGREEMENT_ALREADY_CANCELLED",
        "AUTHORIZATION_DENIED",
        "BILLING_AGREEMENT_NOT_FOUND",
        "CARD_EXPIRED",
        "COMPLIANCE_VIOLATION",
        "DECLINED_DUE_TO_RELATED_TXN",
        "DOMESTIC_TRANSACTION_REQUIRED",
        "DUPLICATE_INVOICE_ID",
        "INSTRUMENT_DECLINED",
        "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED",
        "PAYEE_BLOCKED_TRANSACTION",
        "PAYER_ACCOUNT_LOCKED_OR_CLOSED",
        "PAYER_ACCOUNT_RESTRICTED",
        "PAYER_CANNOT_PAY",
        "PAYMENT_DENIED",
        "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING",
        "TRANSACTION_BLOCKED_BY_PAYEE",
        "TRANSACTION_LIMIT_EXCEEDED",
        "TRANSACTION_RECEIVING_LIMIT_EXCEEDED",
        "TRANSACTION_REFUSED",
    }
)
_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")
_PASSING = (408, 409, 429)  # 409: the same request is at work
_NO_PERMISSION = (401, 403)

Failure = DeclinedError | StepRejectedError | Unavailable | Internal

_OUTCOMES: Sequence[tuple[type[Exception], str]] = (
    (DeclinedError, "declined"),
    (StepRejectedError, "refused"),
    (Unavailable, "unavailable"),
    (Internal, "error"),
)


class Missing(StepRejectedError):
    """PayPal knows no such thing, or none any more: it forgets an order that nobody approved in time."""


def translated(operation: str, answer: httpx.Response) -> Failure:
    """What an answer that is an error means to our callers."""
    issue = _issue(answer)
    failure = _failure(operation, answer.status_code, issue)
    is_ours = isinstance(failure, Internal)
    _log(
        logging.ERROR if is_ours else logging.WARNING if isinstance(failure, Unavailable) else logging.INFO,
        operation,
        answer,
    )
    return failure


def unreachable(operation: str, error: Exception) -> Unavailable:
    """A connection that failed, or an answer that did not come in time."""
    logger.warning("paypal: %s failed: %s", operation, type(error).__name__)
    return Unavailable("The payment provider can't be reached at the moment; try again.")


def unreadable(operation: str, answer: httpx.Response) -> Internal:
    """An answer that does not look as PayPal says."""
    _log(logging.ERROR, operation, answer)
    return Internal("The payment provider's answer can't be read; the log has its number.")


def outcome_of(failure: BaseException) -> str:
    """The word for a failure in metrics."""
    return next((word for kind, word in _OUTCOMES if isinstance(failure, kind)), "interrupted")


def _failure(operation: str, status: int, issue: str) -> Failure:
    if status >= 500 or status in _PASSING:
        # Not FailedError: PayPal's advice is to repeat the same request, and it remembers no failures.
        return Unavailable("The payment provider can't be reached at the moment; try again.")
    if status == 404 and operation != BEGIN:
        return Missing(issue)
    if status == 422 and operation == BEGIN:
        return DeclinedError(Decline(issue.lower(), UNPAYABLE))
    if status == 422 and operation in _ASKING_THE_BANK and issue in _DECLINES:
        return DeclinedError(Decline(issue.lower(), _REFUSED))
    if status == 422 and operation != RETRIEVE:
        return StepRejectedError(issue)
    return Internal("The payment provider does not accept our request; the log has its code.")


def _issue(answer: httpx.Response) -> str:
    """The first issue's name, else the error's, else the status."""
    fields = _fields(answer)
    details = fields.get("details")
    named = [*details, fields] if isinstance(details, list) else [fields]
    names = (str(each.get("issue") or each.get("name") or "") for each in named if isinstance(each, dict))
    return next((name for name in names if _NAME.fullmatch(name)), f"STATUS_{answer.status_code}")


def _fields(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        fields = orjson.loads(answer.content)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}


def _log(level: int, operation: str, answer: httpx.Response) -> None:
    debug_id = answer.headers.get("paypal-debug-id", "")
    logger.log(
        level,
        "paypal: %s failed: status %s, issue %s, debug id %s",
        operation,
        answer.status_code,
        _issue(answer),
        debug_id if _NAME.fullmatch(debug_id) else "none",
    )
