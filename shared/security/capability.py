"""Capabilities: texts that open one thing to whoever has them, without an account, until they expire.

A capability is made of a key, the thing's id and its expiry, so that it can be made again and is kept nowhere. What is
kept, and compared, is the id of its holder: a hash. Who reads that opens nothing with it.
Source of the word: Dennis and Van Horn, "Programming Semantics for Multiprogrammed Computations" (1966).
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime
from uuid import UUID

_EXPIRY_BYTES = 5  # seconds since 1970: enough until the year 36812
_LENGTH = 50  # of 5 bytes of expiry and 32 of HMAC-SHA256 in base 64


def capability(key: str, purpose: str, thing: UUID, expires_at: datetime) -> str:
    """What opens a thing until ``expires_at``, which counts in whole seconds. The same each time."""
    expiry = int(expires_at.timestamp()).to_bytes(_EXPIRY_BYTES, "big")
    proof = hmac.digest(key.encode(), b"\0".join((purpose.encode(), thing.bytes + expiry)), hashlib.sha256)
    return base64.urlsafe_b64encode(expiry + proof).decode().rstrip("=")


def holder_id(presented: str) -> UUID | None:
    """Who holds a capability, a UUIDv8 of its hash; None for one that is expired, and for what can't be one.

    Whether it opens anything shows when it is compared with the holder that is known of the thing.
    """
    content = _content(presented)
    if content is None or int.from_bytes(content[:_EXPIRY_BYTES], "big") <= datetime.now(UTC).timestamp():
        return None
    number = int.from_bytes(hashlib.sha256(content).digest()[:16], "big")
    number = number & ~(0xF << 76) | 0x8 << 76
    return UUID(int=number & ~(0x3 << 62) | 0x2 << 62)


def _content(presented: str) -> bytes | None:
    if len(presented) != _LENGTH:
        return None
    try:
        return base64.b64decode(presented + "==", b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
