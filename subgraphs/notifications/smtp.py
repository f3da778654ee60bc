"""Hands messages to the mail server."""

import contextlib
import socket
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from subgraphs.notifications.outgoing import Outgoing

_TIMEOUT_SECONDS = 15.0
_GOODBYE_SECONDS = 1.0
_PORTS = {"smtp": 25, "smtps": 465}


class Rejected(Exception):
    """The mail server will never take this message, or not to this address."""


class MailServer:
    """The mail server of an address such as ``smtp://user:password@mail.example.com:587``.

    ``smtp`` turns to TLS when the server offers it, ``smtps`` begins with it. The connection is kept until it is closed or fails.
    """

    def __init__(self, url: str, sender: str) -> None:
        address = urlsplit(url)
        self._sender = sender
        self._client = aiosmtplib.SMTP(
            hostname=address.hostname,
            port=address.port or _PORTS[address.scheme],
            username=unquote(address.username) if address.username else None,
            password=unquote(address.password) if address.password else None,
            use_tls=address.scheme == "smtps",
            local_hostname=socket.gethostname(),
            timeout=_TIMEOUT_SECONDS,
        )

    async def send(self, message: Outgoing) -> None:
        """Returns when the mail server has the message.

        Raises:
            Rejected: when it never will.
            SMTPException, OSError: when it may another time.
        """
        try:
            if not self._client.is_connected:
                await self._client.connect()
            await self._client.send_message(compose(message, self._sender), recipients=[message.recipient])
        except aiosmtplib.SMTPRecipientsRefused as error:
            _raise_if_permanent(error.recipients[0])
            raise
        except aiosmtplib.SMTPDataError as error:
            _raise_if_permanent(error)
            raise

    async def close(self) -> None:
        """Ends the connection, politely if it still stands."""
        if self._client.is_connected:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._client.quit(timeout=_GOODBYE_SECONDS)
        self._client.close()


def _raise_if_permanent(error: aiosmtplib.SMTPResponseException) -> None:
    """RFC 5321: codes that begin with 5 are not to be tried again."""
    if 500 <= error.code < 600:
        raise Rejected(f"{error.code} {error.message}") from error


def compose(message: Outgoing, sender: str) -> EmailMessage:
    """The mail of a message. Its Message-ID is always the same: should it come twice, after a crash, mail programs show it once."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = sender
    mail["To"] = message.recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail
