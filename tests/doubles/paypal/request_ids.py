"""The header PayPal-Request-Id; source: PayPal's documentation, "Idempotency".

A repetition is answered with what came of the first request, as it is now. A request that failed came to nothing:
its id can be used again, as PayPal's advice to repeat what was answered by 5xx has it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.doubles.paypal.account import Object
from tests.doubles.paypal.errors import PayPalError, unprocessable

_LONGEST = 108


@dataclass
class _Kept:
    fingerprint: tuple[str, bytes]
    result: Object | None = None


class RequestIds:
    """What came of the requests that carried an id."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def once(
        self, request_id: str | None, path: str, body: bytes, work: Callable[[], Awaitable[Object]]
    ) -> tuple[Object, bool]:
        """What came of the first request of this id, and whether it was an earlier one."""
        if request_id is None:
            return await work(), False
        if len(request_id) > _LONGEST:
            raise PayPalError(400, "INVALID_STRING_LENGTH", "PayPal-Request-Id")
        if (kept := self._kept.get(request_id)) is not None:
            return _replayed(kept, (path, body)), True
        kept = self._kept[request_id] = _Kept((path, body))
        try:
            kept.result = await work()
            return kept.result, False
        finally:
            if kept.result is None:
                del self._kept[request_id]


def _replayed(kept: _Kept, fingerprint: tuple[str, bytes]) -> Object:
    if kept.fingerprint != fingerprint:
        raise unprocessable("PAYPAL_REQUEST_ID_PREVIOUSLY_USED")
    if kept.result is None:
        raise PayPalError(409, "PREVIOUS_REQUEST_IN_PROGRESS")
    return kept.result
