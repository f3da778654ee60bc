"""Identifiers: UUIDv7, so that they sort by the time of their creation."""

import hashlib
import re
from uuid import UUID

from uuid_utils import compat

from shared.errors import BadUserInput

# With hyphens or without. Python's own reader takes digits of any script, signs and blanks for digits:
# another id than was meant.
_FORM = re.compile(r"[0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{4}\1[0-9a-fA-F]{12}")


def new_id() -> UUID:
    """A new UUIDv7."""
    return compat.uuid7()


def derived_id(parent: UUID, name: str) -> UUID:
    """The id of the one thing of this name that ``parent`` has.

    The same each time, a UUIDv7 (RFC 9562) of its parent's time.
    """
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
        named = f"{'.'.join(field)}: " if field else ""
        raise BadUserInput(f"{named}{text[:40]!a} is not an id; ids are UUIDs.", field)
    return parsed


def is_id(text: object) -> bool:
    """Whether it is the text of an id."""
    return isinstance(text, str) and _FORM.fullmatch(text) is not None


def try_parse_id(text: str) -> UUID | None:
    """Reads an id, or answers None when the text is none."""
    return UUID(text) if is_id(text) else None
