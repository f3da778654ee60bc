"""E-mail addresses: what one looks like, and when two are the same."""

import re

from shared.text import trimmed

LONGEST = 254  # RFC 5321 allows no longer path

_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@)(?![^@]*=\?){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE | re.ASCII
)


def is_email(text: str) -> bool:
    """Whether a text has the form of an address: RFC 5321 without quoted local parts and address literals.

    Without ``=?`` before the ``@`` too: mail programs and servers read that as an encoded word
    (RFC 2047) of another address.
    """
    return len(text) <= LONGEST and _ADDRESS.fullmatch(text) is not None


def comparable(text: str) -> str:
    """The form in which addresses are compared: two that differ by blanks around them or by case are one."""
    return trimmed(text).casefold()
