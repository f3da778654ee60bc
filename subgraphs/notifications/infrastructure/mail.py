"""Mails as bytes, written out here: the standard library's EmailMessage takes longer for one than its sending does."""

import re
from binascii import b2a_qp
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr

from subgraphs.notifications.domain.message import Outgoing

_LONGEST_LINE = 76  # RFC 2047 and 5322: what is longer is folded
_BOUNDARY = "=_alternative"  # no line of quoted-printable text can hold this
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PART = """\
--{boundary}\r
Content-Type: text/{form}; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
{content}\r
"""


def compose(message: Outgoing, sender: str) -> bytes:
    """The mail of a message.

    Its Message-ID is always the same: should it come twice, after a crash, mail programs show it once.

    Raises:
        ValueError: when a header would hold a line break or another control character.
    """
    name, address = parseaddr(sender)
    headers = {
        "From": formataddr((name, address)),
        "To": message.recipient,
        "Subject": message.subject,
        "Date": format_datetime(message.created_at),
        "Message-ID": f"<{message.id}@{address.rpartition('@')[2]}>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{_BOUNDARY}"',
    }
    lines = "".join(_header(*header) for header in headers.items())
    parts = "".join(
        _PART.format(boundary=_BOUNDARY, form=form, content=_quoted(text))
        for form, text in (("plain", message.text), ("html", message.html))
    )
    return f"{lines}\r\n{parts}--{_BOUNDARY}--\r\n".encode()


def _header(name: str, value: str) -> str:
    if _BREAK.search(value):
        raise ValueError(f"{name} can't hold a line break or another control character: {value!r}")
    # An address is written as it is: the server was asked for SMTPUTF8 if it needs that.
    # What looks encoded in a subject is not.
    if name != "Subject" or (value.isascii() and "=?" not in value and len(value) <= _LONGEST_LINE - len(name)):
        return f"{name}: {value}\r\n"
    folded = Header(value, "utf-8", _LONGEST_LINE, name).encode(linesep="\r\n")
    return f"{name}: {folded}\r\n"


def _quoted(text: str) -> str:
    return b2a_qp(text.encode(), istext=True).decode().replace("\n", "\r\n")
