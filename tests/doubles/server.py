"""What all doubles are made of: the control interface in front of their own routes, served on 127.0.0.1."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import orjson
import uvicorn
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.doubles.control import Control, Rules
from tests.doubles.faults import CONNECTION, Faults
from tests.doubles.ledger import Ledger
from tests.doubles.webhooks import Webhooks
from tilt.embedded.ports import LOOPBACK

_IDLE_SECONDS = 20  # longer than clients (5) keep a connection: only who writes the next request may close it


def answer(content: Any, status: int = 200) -> Response:
    """JSON."""
    return Response(orjson.dumps(content), status, media_type="application/json")


class ControlEndpoints:
    """``/_control`` and ``/_ledger``."""

    def __init__(self, control: Control, webhooks: Webhooks, ledger: Ledger) -> None:
        self._control = control
        self._webhooks = webhooks
        self._ledger = ledger

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/_control", self.show, methods=["GET"]),
            Route("/_control", self.add, methods=["POST"]),
            Route("/_control", self.reset, methods=["DELETE"]),
            Route("/_control/requests", self.requests, methods=["GET"]),
            Route("/_control/webhooks", self.deliveries, methods=["GET"]),
            Route("/_control/webhooks/release", self.release, methods=["POST"]),
            Route("/_ledger", self.ledger, methods=["GET"]),
            Route("/_ledger/{payment}", self.payment, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        return answer(self._control.rules.model_dump())

    async def add(self, request: Request) -> Response:
        try:
            self._control.add(Rules.model_validate_json(await request.body()))
        except ValidationError as error:
            return Response(f"{error}\n", 422, media_type="text/plain")
        return await self.show(request)

    async def reset(self, request: Request) -> Response:
        self._control.reset()
        self._webhooks.reset()
        return Response(status_code=204)

    async def requests(self, request: Request) -> Response:
        return answer(list(self._control.requests))

    async def deliveries(self, request: Request) -> Response:
        return answer(self._webhooks.as_json())

    async def release(self, request: Request) -> Response:
        self._webhooks.release()
        return Response(status_code=204)

    async def ledger(self, request: Request) -> Response:
        return answer(self._ledger.payments())

    async def payment(self, request: Request) -> Response:
        try:
            return answer(self._ledger.payment(request.path_params["payment"]))
        except KeyError:
            return Response("There is no such payment.\n", 404, media_type="text/plain")


def create_app(routes: Sequence[BaseRoute], control: Control, webhooks: Webhooks, ledger: Ledger) -> Starlette:
    """A double: its own routes, and those that tests control it by."""

    @contextlib.asynccontextmanager
    async def close_webhooks(_: Starlette) -> AsyncIterator[None]:
        yield
        await webhooks.close()

    own = ControlEndpoints(control, webhooks, ledger).routes()
    return Starlette(routes=[*routes, *own], lifespan=close_webhooks, middleware=[Middleware(Faults, control)])


class DroppableProtocol(HttpToolsProtocol):
    """Gives the application its connection, so that it can be dropped without an answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        scope: Any = self.scope
        scope[CONNECTION] = self.transport


def serve(app: Starlette, port: int) -> None:
    """Serve until SIGTERM."""
    config = uvicorn.Config(
        app,
        host=LOOPBACK,
        port=port,
        http=DroppableProtocol,
        ws="none",
        log_level="warning",
        timeout_graceful_shutdown=1,
        timeout_keep_alive=_IDLE_SECONDS,
    )
    asyncio.run(uvicorn.Server(config).serve())
