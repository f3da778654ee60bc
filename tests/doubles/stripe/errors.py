"""Stripe's errors; source: Stripe's API reference, "Errors", and its list of error codes."""

from typing import Any

from tests.doubles.stripe.cards import Decline


class StripeError(Exception):
    """An answer that is an error; ``is_kept`` when the work had begun, so that an idempotency key replays it."""

    def __init__(self, status: int, is_kept: bool = True, **fields: Any) -> None:
        super().__init__(fields["message"])
        self.status = status
        self.is_kept = is_kept
        self.fields = {"type": "invalid_request_error", **fields}
        if "code" in fields:
            self.fields["doc_url"] = f"https://stripe.com/docs/error-codes/{fields['code'].replace('_', '-')}"


def invalid_parameter(param: str, message: str, code: str = "parameter_invalid_string_blank") -> StripeError:
    """A parameter that fails validation, before any work begins."""
    return StripeError(400, is_kept=False, message=message, param=param, code=code)


def missing_parameter(param: str) -> StripeError:
    return invalid_parameter(param, f"Missing required param: {param}.", "parameter_missing")


def no_such(kind: str, reference: str, param: str, status: int = 400) -> StripeError:
    """404 for an object that the path names, 400 for one that a parameter names."""
    return StripeError(status, message=f"No such {kind}: '{reference}'", code="resource_missing", param=param)


def card_error(decline: Decline, **fields: Any) -> StripeError:
    """The bank's no."""
    reason: dict[str, Any] = {"code": decline.code, "decline_code": decline.decline_code, "message": decline.message}
    return StripeError(402, type="card_error", **reason, **fields)


def unauthorized(key: str) -> StripeError:
    hidden = f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
    message = f"Invalid API Key provided: {hidden}" if key else "You did not provide an API key."
    return StripeError(401, is_kept=False, message=message)


def key_reused(key: str) -> StripeError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters they were first used with."
        f" Try using a key other than '{key}' if you meant to execute a different request."
    )
    return StripeError(400, is_kept=False, type="idempotency_error", message=message)


def key_in_use(key: str) -> StripeError:
    message = (
        "There is currently another in-progress request using this Idempotent Key"
        " (that probably means you submitted twice,"
        f" and the other request is still going through): {key}. Please try again in a bit."
    )
    return StripeError(409, is_kept=False, message=message, code="idempotency_key_in_use")
