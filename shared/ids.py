"""Identifiers: UUIDv7, so that they sort by the time of their creation."""

import hashlib
from uuid import UUID

from uuid_utils import compat

from shared.errors import BadUserInput

_LONGEST = 64  # characters; the longest form of a UUID that is read has 47


def new_id() -> UUID:
    """A new UUIDv7."""
    return compat.uuid7()


def derived_id(parent: UUID, name: str) -> UUID:
    """The id of the one thing of this name that ``parent`` has: the same each time, a UUIDv7 (RFC 9562) of its parent's time."""
    digest = hashlib.sha256(parent.bytes + name.encode()).digest()
    number = int.from_bytes(parent.bytes[:6] + digest[:10], "big")
    number = number & ~(0xF << 76) | 0x7 << 76
    return UUID(int=number & ~(0x3 << 62) | 0x2 << 62)


def parse_id(text: str, *field: str) -> UUID:
    """Reads an id that a caller sent.

    Raises:
        BadUserInput: naming ``field`` when it is not a UUID.
    """
    parsed = try_parse_id(text)
    if parsed is None:
        raise BadUserInput(f"'{text[:40]}' is not an id; ids are UUIDs.", field)
    return parsed


def try_parse_id(text: str) -> UUID | None:
    """Reads an id, or answers None when the text is none."""
    try:
        return UUID(text) if len(text) <= _LONGEST else None
    except (ValueError, AttributeError, TypeError):
        return None
