"""Passwords that are tried first, because many people have them.

The list is that of Django and of zxcvbn-ts, without what is shorter than any account's password;
``common_passwords.LICENSE.txt`` says of which versions and under which licences.
"""

import unicodedata
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("common_passwords.txt")


def is_common(password: str) -> bool:
    """Whether a password is on the list, whatever the case of its letters."""
    return unicodedata.normalize("NFKC", password).casefold() in _listed()


@cache
def _listed() -> frozenset[str]:
    return frozenset(_LIST.read_text("utf-8").splitlines())
