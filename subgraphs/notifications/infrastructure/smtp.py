"""Hands messages to the mail server."""

import contextlib
import socket
from dataclasses import replace
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from shared.email import for_mail_server
from subgraphs.notifications.domain.message import Outgoing
from subgraphs.notifications.domain.ports import UndeliverableError
from subgraphs.notifications.infrastructure.mail import compose

_TIMEOUT_SECONDS = 15.0
_GOODBYE_SECONDS = 1.0
_PORTS = {"smtp": 25, "smtps": 465}


class SmtpServer:
    """The mail server of an address such as ``smtp://user:password@mail.example.com:587``.

    ``smtp`` turns to TLS when the server offers it, ``smtps`` begins with it.
    The connection is kept until it is closed or fails.
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
            UndeliverableError: when it never will.
            SMTPException, OSError: when it may another time.
        """
        if not self._client.is_connected:
            await self._client.connect()
        recipient = for_mail_server(message.recipient)
        try:
            await self._client.sendmail(
                parseaddr(self._sender)[1],
                [recipient],
                compose(replace(message, recipient=recipient), self._sender),
                mail_options=[] if recipient.isascii() else ["SMTPUTF8"],
            )
        except aiosmtplib.SMTPNotSupported as error:
            raise UndeliverableError(f"{error}, which the letters before the @ of this address need") from error
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
        raise UndeliverableError(f"{error.code} {error.message}") from error
