"""What looks like chance and is not: the same text draws the same each time, on every machine."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

Item = TypeVar("Item")

_FIRST_MILLISECOND = 1_704_067_200_000  # 2024-01-01
_MILLISECONDS = 600 * 86_400_000
_VERSION, _VARIANT = 0x7 << 76, 0x2 << 62


def number(text: str, lowest: int, highest: int) -> int:
    """A whole number from ``lowest`` to ``highest``."""
    return lowest + _bits(text) % (highest - lowest + 1)


def pick(text: str, items: Sequence[Item]) -> Item:
    """One of the items."""
    return items[_bits(text) % len(items)]


def uuid(text: str) -> UUID:
    """A UUIDv7 (RFC 9562), which our own subgraphs take for an id of theirs."""
    bits = _bits(text)
    moment = _FIRST_MILLISECOND + bits % _MILLISECONDS
    rest = bits & ((1 << 80) - 1) & ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=moment << 80 | rest | _VERSION | _VARIANT)


def letters(text: str, count: int) -> str:
    """So many letters and digits, up to 30."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:count]


def _bits(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16], "big")
