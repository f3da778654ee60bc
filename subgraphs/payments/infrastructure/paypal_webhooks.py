"""PayPal's webhooks; source: PayPal's documentation, "Integrate webhooks", "Self verification method".

The signature covers the body by its CRC-32 alone, and a body with a wanted CRC-32 is easily made. So an
event that is believed only tells where to look: how the order or the dispute stands is asked of PayPal.
Late and shuffled events then do no harm either.
"""

import base64
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from subgraphs.payments.domain.notice import BadNoticeError, Notice
from subgraphs.payments.domain.provider import Dispute, Intent
from subgraphs.payments.infrastructure.paypal_api import NAME
from subgraphs.payments.infrastructure.paypal_lookups import PayPalLookups, refunded_capture
from subgraphs.payments.infrastructure.paypal_orders import order_of

OLDEST = timedelta(days=3, hours=1)
"""PayPal repeats an event for three days, and does not say whether a repetition gets a time of its own."""
_CLOCKS_DIFFER = timedelta(minutes=5)

_ALGORITHM = "SHA256withRSA"
_LONGEST_HEADER = 500
_NAME = re.compile(r"[A-Za-z0-9._-]{1,127}")

_ORDER_TYPES = frozenset({"CHECKOUT.ORDER.APPROVED"})
_MOVEMENT_TYPES = frozenset(
    {
        "PAYMENT.AUTHORIZATION.CREATED",
        "PAYMENT.AUTHORIZATION.VOIDED",
        "PAYMENT.CAPTURE.COMPLETED",
        "PAYMENT.CAPTURE.DENIED",
        "PAYMENT.CAPTURE.REFUNDED",
        "PAYMENT.CAPTURE.REVERSED",
    }
)
_REFUND_TYPES = frozenset({"PAYMENT.REFUND.FAILED"})
_DISPUTE_TYPES = frozenset(f"CUSTOMER.DISPUTE.{change}" for change in ("CREATED", "UPDATED", "RESOLVED"))
TYPES = sorted(_ORDER_TYPES | _MOVEMENT_TYPES | _REFUND_TYPES | _DISPUTE_TYPES)


class Certificates(Protocol):
    """Where the key of a signature is had from."""

    async def key(self, address: str) -> RSAPublicKey:
        """The key of the certificate at an address."""


@dataclass(frozen=True, slots=True)
class _Event:
    id: str
    type: str
    resource: Mapping[str, Any]


class PayPalWebhooks:
    """Implements ``NoticeReader``: believes what is signed for our webhook and not older than three days."""

    def __init__(self, webhook_id: str, certificates: Certificates, lookups: PayPalLookups) -> None:
        self._webhook_id = webhook_id
        self._certificates = certificates
        self._lookups = lookups

    async def read(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        """The event, with how its order or dispute stands now when the type is one that we apply."""
        await self._verify(body, headers)
        event = _event(body)
        intent, failed = await self._intent(event), await self._failed_refund(event)
        return Notice(NAME, event.id, event.type, body.decode(), intent, await self._dispute(event), failed)

    async def _verify(self, body: bytes, headers: Mapping[str, str]) -> None:
        sent_at, signature = _header(headers, "time"), _signature(_header(headers, "sig"))
        if headers.get("paypal-auth-algo") != _ALGORITHM:
            raise BadNoticeError(f"The header PayPal-Auth-Algo is not {_ALGORITHM}.")
        _require_recent(sent_at)
        signed = f"{_header(headers, 'id')}|{sent_at}|{self._webhook_id}|{zlib.crc32(body)}"
        key = await self._certificates.key(_named(headers, "PayPal-Cert-Url"))
        try:
            key.verify(signature, signed.encode(), PKCS1v15(), SHA256())
        except InvalidSignature:
            raise BadNoticeError("The signature does not match the body.") from None

    async def _intent(self, event: _Event) -> Intent | None:
        if event.type in _ORDER_TYPES:
            return await self._lookups.intent(_text(event.resource, "id"))
        if event.type in _MOVEMENT_TYPES:
            _require_readable(event.resource)
            return await self._lookups.intent_of_movement(event.resource)
        return None

    async def _failed_refund(self, event: _Event) -> str | None:
        if event.type not in _REFUND_TYPES:
            return None
        _require_readable(event.resource)
        intent = await self._lookups.intent_of_movement(event.resource)
        return None if intent is None else intent.reference

    async def _dispute(self, event: _Event) -> Dispute | None:
        return (
            await self._lookups.dispute(_text(event.resource, "dispute_id")) if event.type in _DISPUTE_TYPES else None
        )


def _event(body: bytes) -> _Event:
    try:
        event = orjson.loads(body)
        resource = event["resource"]
        if not isinstance(resource, dict):
            raise TypeError("no resource")
        return _Event(_text(event, "id"), _text(event, "event_type"), resource)
    except (KeyError, TypeError, ValueError):
        raise BadNoticeError("The body is not an event as PayPal sends them.") from None


def _require_readable(movement: Mapping[str, Any]) -> None:
    """What a movement names is read here once before PayPal is asked for it:
    its answer's faults are no faults of the event.
    """
    try:
        named = order_of(movement), refunded_capture(movement)
    except (KeyError, TypeError, AttributeError):
        raise BadNoticeError("The event's resource is not one as PayPal writes them.") from None
    for reference in named:
        if reference is not None and not (isinstance(reference, str) and _NAME.fullmatch(reference)):
            raise BadNoticeError("The event's resource names nothing as PayPal does.")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise BadNoticeError(f"The event has no {name} as PayPal writes them.")
    return value


def _require_recent(sent_at: str) -> None:
    try:
        age = datetime.now(UTC) - datetime.fromisoformat(sent_at)
    except (TypeError, ValueError, OverflowError):
        raise BadNoticeError("The header PayPal-Transmission-Time is not a time with its zone.") from None
    if age > OLDEST:
        raise BadNoticeError("The transmission is older than three days.")
    if age < -_CLOCKS_DIFFER:
        raise BadNoticeError("The transmission is from the future.")


def _signature(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise BadNoticeError("The header PayPal-Transmission-Sig is not Base64.") from None


def _header(headers: Mapping[str, str], name: str) -> str:
    return _named(headers, f"PayPal-Transmission-{name.capitalize()}")


def _named(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name.lower(), "")
    if not value:
        raise BadNoticeError(f"The header {name} is missing.")
    if len(value) > _LONGEST_HEADER or not value.isascii():
        raise BadNoticeError(f"The header {name} is not one of PayPal's.")
    return value
