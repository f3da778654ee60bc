"""Lets every request to a double meet what the rules have for it."""

import asyncio
import time

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.doubles.control import Control, RequestAction, RequestRule, When

CONNECTION = "tests.doubles.connection"  # the key of the scope under which the server gives us its connection
RULE = "tests.doubles.rule"  # the key under which the double's own code finds the rule that the request meets

_OWN_PATHS = ("/_control", "/_ledger", "/_buyer", "/_disputes", "/_expired")


class Faults:
    """ASGI middleware; paths that a double has for tests meet no fault and are not noted."""

    def __init__(self, app: ASGIApp, control: Control) -> None:
        self._app = app
        self._control = control

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_OWN_PATHS):
            return await self._app(scope, receive, send)
        request = _Request(scope, receive, await _read(receive))
        rule = self._control.rule_of_request(scope["method"], scope["path"])
        self._note(request, rule)
        if rule is None:
            return await self._app(scope, request.replay, send)
        return await self._break(request, rule, send)

    async def _break(self, request: "_Request", rule: RequestRule, send: Send) -> None:
        answer: list[Message] = []
        request.scope[RULE] = rule
        if rule.when is When.DURING:
            return await self._app(request.scope, request.replay, send)
        if rule.when is When.AFTER:
            await self._app(request.scope, request.replay, _collector(answer))
        match rule.action:
            case RequestAction.FAIL:
                return await failure(rule.status)(request.scope, request.replay, send)
            case RequestAction.HANG:
                return await request.gone()
            case RequestAction.DROP:
                request.scope[CONNECTION].abort()
                return await request.gone()
        await asyncio.sleep(rule.seconds)
        if rule.when is When.BEFORE:
            return await self._app(request.scope, request.replay, send)
        for message in answer:
            await send(message)
        return None

    def _note(self, request: "_Request", rule: RequestRule | None) -> None:
        scope = request.scope
        self._control.requests.append(
            {
                "at": time.time(),
                "method": scope["method"],
                "path": scope["path"],
                "query": scope["query_string"].decode(),
                "headers": {name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
                "body": request.body.decode(errors="replace"),
                "met": rule and f"{rule.action} {rule.when}",
            }
        )


class _Request:
    """A request whose body was read, so that it can be noted and still be given on."""

    def __init__(self, scope: Scope, receive: Receive, body: bytes) -> None:
        self.scope = scope
        self.body = body
        self._receive = receive
        self._given = False

    async def replay(self) -> Message:
        if self._given:
            return await self._receive()
        self._given = True
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def gone(self) -> None:
        """Returns when the client has hung up."""
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _collector(answer: list[Message]) -> Send:
    async def collect(message: Message) -> None:
        answer.append(message)

    return collect


def failure(status: int) -> Response:
    """An error in Stripe's shape; what PayPal's readers look for (name, message) is in it too."""
    message = "The double was told to fail."
    error = {"type": "api_error" if status >= 500 else "invalid_request_error", "message": message}
    body = orjson.dumps(
        {"error": error, "name": "INTERNAL_SERVER_ERROR" if status >= 500 else "TOLD_TO_FAIL", "message": message}
    )
    return Response(body, status, media_type="application/json")
