"""Slugs and the short codes that SKUs are made of."""

import re
import unicodedata
from functools import cache

_NOT_URL_SAFE = re.compile(r"[^a-z0-9]+")
_NOT_IN_CODE = re.compile(r"[^A-Z0-9]+")
SHORTEST_CODE = 3


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


@cache
def option_codes(values: tuple[str, ...]) -> tuple[str, ...]:
    """A code for each value, as short as tells them apart: Blue, Black, L -> BLU, BLA, L."""
    spelled = [_NOT_IN_CODE.sub("", _ascii(value).upper()) for value in values]
    for length in range(SHORTEST_CODE, max(map(len, spelled)) + 1):
        codes = tuple(word[:length] for word in spelled)
        if len(set(codes)) == len(codes):
            return codes
    return tuple(spelled)


def slug_of(title: str) -> str:
    return _NOT_URL_SAFE.sub("-", _ascii(title).replace("'", "").lower()).strip("-")
