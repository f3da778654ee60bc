"""PayPal's access tokens; source: PayPal's documentation, "Authentication": client credentials, good for some hours."""

import asyncio
import time
from dataclasses import dataclass

import httpx
import orjson

from shared.security.secrets import Secret
from subgraphs.payments.infrastructure.paypal_errors import translated, unreadable

_OPERATION = "token"
_RENEWED_EARLIER_SECONDS = 60.0  # so that no request is under way with a token that ends


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    ends_at: float


class PayPalTokens:
    """One token for all requests, and one request for it however many wait."""

    def __init__(self, http: httpx.AsyncClient, client_id: str, client_secret: Secret) -> None:
        self._http = http
        self._client_id, self._client_secret = client_id, client_secret
        self._token: _Token | None = None
        self._renewal: asyncio.Task[_Token] | None = None

    async def current(self) -> str:
        """A token that is still good for a while.

        Raises:
            Internal: when PayPal does not accept our credentials.
            Unavailable: when PayPal answers that it can't now.
            httpx.TransportError: when it does not answer.
        """
        token = self._token
        if token is None or time.monotonic() >= token.ends_at:
            token = await self._renewed()
        return token.value

    def rejected(self, value: str) -> None:
        """Forgets a token that PayPal did not accept; a newer one stays."""
        if self._token is not None and self._token.value == value:
            self._token = None

    async def _renewed(self) -> _Token:
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._fetch())
            self._renewal.add_done_callback(self._finish)
        return await asyncio.shield(self._renewal)  # whoever gives up does not take the others' token along

    def _finish(self, renewal: asyncio.Task[_Token]) -> None:
        self._renewal = None
        if not renewal.cancelled() and renewal.exception() is None:
            self._token = renewal.result()

    async def _fetch(self) -> _Token:
        asked_at = time.monotonic()
        form = {"grant_type": "client_credentials"}
        answer = await self._http.post(
            "/v1/oauth2/token", data=form, auth=(self._client_id, self._client_secret.current())
        )
        if not answer.is_success:
            raise translated(_OPERATION, answer)
        try:
            fields = orjson.loads(answer.content)
            return _Token(
                str(fields["access_token"]), asked_at + float(fields["expires_in"]) - _RENEWED_EARLIER_SECONDS
            )
        except (KeyError, TypeError, ValueError):
            raise unreadable(_OPERATION, answer) from None
