"""Chance without randomness: whatever looks arbitrary in the seed is a hash of what it belongs to."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

Item = TypeVar("Item")

_VERSION_7 = 0x7 << 76
_VARIANT_RFC = 0b10 << 62
_LOW_62_BITS = (1 << 62) - 1


def hash_of(text: str, size: int = 8) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=size).digest(), "big")


def uuid7(moment: datetime, sequence: int, key: str) -> UUID:
    """A UUIDv7 that never varies: `sequence` (0 to 4095) orders the ids of one millisecond, `key` fills the rest."""
    if not 0 <= sequence < 4096:
        raise ValueError(f"sequence {sequence} does not fit into 12 bits")
    milliseconds = int(moment.timestamp() * 1000)
    tail = hash_of(key) & _LOW_62_BITS
    return UUID(int=milliseconds << 80 | _VERSION_7 | sequence << 64 | _VARIANT_RFC | tail)


class Draws:
    """Draws from a hash as from a shuffled deck; the same key draws the same."""

    __slots__ = ("_pool",)

    def __init__(self, key: str) -> None:
        self._pool = hash_of(key, size=32)

    def number(self, low: int, high: int) -> int:
        """A number from low to high, both included."""
        self._pool, drawn = divmod(self._pool, high - low + 1)
        return low + drawn

    def pick(self, items: Sequence[Item]) -> Item:
        return items[self.number(0, len(items) - 1)]
