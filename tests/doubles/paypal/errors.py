"""PayPal's errors; source: PayPal's API reference, "API responses", and the errors of Orders v2 and Payments v2."""

import secrets
from collections.abc import Mapping
from typing import Any

_NAMES: Mapping[int, tuple[str, str]] = {
    400: ("INVALID_REQUEST", "Request is not well-formed, syntactically incorrect, or violates schema."),
    403: ("NOT_AUTHORIZED", "Authorization failed due to insufficient permissions."),
    404: ("RESOURCE_NOT_FOUND", "The specified resource does not exist."),
    409: ("RESOURCE_CONFLICT", "The server has detected a conflict while processing this request."),
    422: (
        "UNPROCESSABLE_ENTITY",
        "The requested action could not be performed, semantically incorrect, or failed business validation.",
    ),
    500: ("INTERNAL_SERVER_ERROR", "An internal server error has occurred."),
}


class PayPalError(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, issue: str, field: str | None = None) -> None:
        super().__init__(issue)
        self.status = status
        self._issue = issue
        self._field = field

    def as_json(self) -> dict[str, Any]:
        """The answer's body."""
        name, message = _NAMES.get(self.status, _NAMES[500])
        detail = {"issue": self._issue, "description": f"{self._issue} in words."}
        if self._field is not None:
            detail |= {"field": self._field, "location": "body"}
        return {"name": name, "message": message, "debug_id": debug_id(), "details": [detail], "links": []}


def debug_id() -> str:
    """PayPal's number of an answer."""
    return secrets.token_hex(7)


def not_found() -> PayPalError:
    return PayPalError(404, "INVALID_RESOURCE_ID")


def unprocessable(issue: str, field: str | None = None) -> PayPalError:
    return PayPalError(422, issue, field)
