"""The mail sink: takes any mail by SMTP, keeps it in a Maildir, shows it on a page and as JSON.

GET /                    a page to read the mail          GET /messages?to=    JSON list, newest first
GET /messages/{id}       JSON of one, with its parts      DELETE /messages     forget all
"""

import argparse
import asyncio
import contextlib
import mailbox
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path
from typing import Any

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tilt.embedded.mailbox_pages import list_page, message_page

LOOPBACK = "127.0.0.1"
# A mail's HTML is shown as a mail program does: no script, nothing loaded from elsewhere.
HTML_POLICY = "sandbox; default-src 'none'; img-src data: http://127.0.0.1:*; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Summary:
    """A line of the list."""

    id: str
    sender: str
    to: list[str]
    subject: str
    received_at: str


@dataclass(frozen=True)
class Mail(Summary):
    """A mail, opened."""

    text: str | None
    html: str | None
    headers: dict[str, str]


class Store:
    """A Maildir, with the list of what is in it kept in memory."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._maildir = mailbox.Maildir(folder, create=True)
        summaries = [summary(key, self._read(key)) for key in self._maildir.keys()]  # noqa: SIM118 - not a dict
        self._summaries = sorted(summaries, key=lambda each: each.received_at)

    def add(self, content: bytes, recipients: list[str]) -> None:
        """Keep a mail; it is on disk when this returns."""
        # In front of its own headers, so that ours are found first and the mail itself stays as it was sent.
        ours = f"X-Recipients: {', '.join(recipients)}\r\nX-Received-At: {datetime.now(UTC).isoformat()}\r\n"
        key = self._maildir.add(ours.encode() + content)
        self._summaries.append(summary(key, self._read(key)))

    def list(self, to: str | None) -> list[Summary]:
        """Newest first; those to one address, or all."""
        return [each for each in reversed(self._summaries) if to is None or to.lower() in each.to]

    def open(self, key: str) -> Mail | None:
        """One mail."""
        found = next((each for each in self._summaries if each.id == key), None)
        if found is None:
            return None
        message = self._read(key)
        headers = {name: str(value) for name, value in message.items()}
        return Mail(**asdict(found), text=part(message, "plain"), html=part(message, "html"), headers=headers)

    def clear(self) -> None:
        """Forget all."""
        self._maildir.clear()
        self._summaries.clear()

    def _read(self, key: str) -> EmailMessage:
        message = message_from_bytes(self._maildir.get_bytes(key), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


def summary(key: str, message: EmailMessage) -> Summary:
    """What the list shows of a mail."""
    to = [address.lower() for _, address in getaddresses([str(message["X-Recipients"])])]
    sender, subject, received = (str(message[name] or "") for name in ("From", "Subject", "X-Received-At"))
    return Summary(id=key, sender=sender, to=to, subject=subject, received_at=received)


def part(message: EmailMessage, kind: str) -> str | None:
    """The text or the HTML of a mail."""
    body = message.get_body((kind,))
    return body.get_content() if isinstance(body, EmailMessage) else None


class Receiver:
    """Takes mail from the SMTP server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:
        """Named by aiosmtpd."""
        self._store.add(envelope.original_content or b"", [str(each) for each in envelope.rcpt_tos])
        return "250 kept, and delivered to nobody"


class Endpoints:
    """The page and the JSON."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def page(self, request: Request) -> Response:
        return HTMLResponse(list_page(self._store.list(request.query_params.get("to"))))

    async def message_page(self, request: Request) -> Response:
        return HTMLResponse(message_page(self._find(request)))

    async def message_html(self, request: Request) -> Response:
        return HTMLResponse(self._find(request).html or "", headers={"Content-Security-Policy": HTML_POLICY})

    async def messages(self, request: Request) -> Response:
        found = self._store.list(request.query_params.get("to"))
        return JSONResponse([as_json(each) for each in found])

    async def message(self, request: Request) -> Response:
        return JSONResponse(as_json(self._find(request)))

    async def clear(self, request: Request) -> Response:
        self._store.clear()
        return Response(status_code=204)

    def _find(self, request: Request) -> Mail:
        mail = self._store.open(request.path_params["id"])
        if mail is None:
            raise HTTPException(404, "no such message")
        return mail


def as_json(mail: Summary) -> dict[str, Any]:
    """Field names as the rest of the platform writes them."""
    values = asdict(mail)
    return {"from": values.pop("sender"), "receivedAt": values.pop("received_at"), **values}


def create_app(store: Store, smtp_port: int) -> Starlette:
    """The HTTP side; the SMTP server lives as long as it does."""

    @contextlib.asynccontextmanager
    async def serve_smtp(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Receiver(store), enable_SMTPUTF8=True), LOOPBACK, smtp_port)
        async with server:
            yield

    endpoints = Endpoints(store)
    routes = [
        Route("/", endpoints.page),
        Route("/read/{id}", endpoints.message_page),
        Route("/read/{id}/html", endpoints.message_html),
        Route("/messages", endpoints.messages, methods=["GET"]),
        Route("/messages", endpoints.clear, methods=["DELETE"]),
        Route("/messages/{id}", endpoints.message),
    ]
    # A page of elsewhere must not read the mail under a name that it lets point to this machine.
    own_names = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])
    return Starlette(routes=routes, lifespan=serve_smtp, middleware=[own_names])


def main() -> None:
    """Serve both protocols until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    arguments = parser.parse_args()
    app = create_app(Store(arguments.folder), arguments.smtp_port)
    uvicorn.run(app, host=LOOPBACK, port=arguments.http_port, log_level="warning", ws="none")


if __name__ == "__main__":
    main()
