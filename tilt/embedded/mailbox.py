"""The mail sink: takes any mail by SMTP, keeps it in a file, shows it on a page and as JSON.

GET /                    a page to read the mail          GET /messages?to=    JSON list, newest first
GET /messages/{id}       JSON of one, with its parts      DELETE /messages     forget all
"""

import argparse
import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
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
from tilt.embedded.mailbox_store import Mail, Store, Summary

LOOPBACK = "127.0.0.1"
# A mail's HTML is shown as a mail program does: no script, nothing loaded from elsewhere.
_IN_BRACKETS = re.compile(r"\s*<([^<>]*)>")
HTML_POLICY = "sandbox; default-src 'none'; img-src data: http://127.0.0.1:*; style-src 'unsafe-inline'"


class Receiver:
    """Takes mail from the SMTP server."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: object, envelope: Envelope) -> str:
        """Named by aiosmtpd."""
        self._store.add(envelope.original_content or b"", [str(each) for each in envelope.rcpt_tos])
        return "250 kept, and delivered to nobody"


class Server(SMTP):
    """Takes addresses as they are written.

    The library would decode ``=?...?=`` in them, and have the mail go to another.
    """

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        address, rest = super()._getaddr(arg)
        written = _IN_BRACKETS.match(arg)
        return (written[1] if written and address and "=?" in arg else address), rest


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


def create_app(store: Store, host: str, smtp_port: int, names: Sequence[str]) -> Starlette:
    """The HTTP side, which answers to these names; the SMTP server lives as long as it does."""

    @contextlib.asynccontextmanager
    async def serve_smtp(_: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Server(Receiver(store), enable_SMTPUTF8=True), host, smtp_port)
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
    own_names = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost", *names])
    return Starlette(routes=routes, lifespan=serve_smtp, middleware=[own_names])


def main() -> None:
    """Serve both protocols until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--names", nargs="*", default=[], help="under which others may read it, beside localhost")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    arguments = parser.parse_args()
    app = create_app(Store(arguments.folder), arguments.host, arguments.smtp_port, arguments.names)
    uvicorn.run(app, host=arguments.host, port=arguments.http_port, log_level="warning", ws="none")


if __name__ == "__main__":
    main()
