"""PayPal's API as routes, with its authentication, errors, request ids and headers around each call."""

import asyncio
import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from tests.doubles.control import Control, RequestAction, RequestRule
from tests.doubles.faults import RULE
from tests.doubles.ledger import Ledger
from tests.doubles.paypal.account import Account, Object, moment
from tests.doubles.paypal.disputes import Disputes
from tests.doubles.paypal.errors import PayPalError, debug_id
from tests.doubles.paypal.orders import Orders
from tests.doubles.paypal.payments import Payments
from tests.doubles.paypal.reporting import transactions
from tests.doubles.paypal.request_ids import RequestIds
from tests.doubles.paypal.signing import CERTIFICATE_PATH, Authority, Signer
from tests.doubles.server import answer, create_app
from tests.doubles.webhooks import Webhooks
from tilt.embedded.ports import LOOPBACK

TOKEN_SECONDS = 32_400.0

Call = Callable[..., Object]


class Api:
    """Every call of PayPal's API that the double has."""

    def __init__(self, account: Account, credentials: tuple[str, str], token_seconds: float) -> None:
        self._account = account
        self._token_seconds = token_seconds
        self._credentials = credentials
        self._tokens: set[str] = set()
        self._request_ids = RequestIds()
        self._payments = Payments(account)
        self._orders = Orders(account, self._payments)
        self._disputes = Disputes(account)

    def routes(self) -> list[BaseRoute]:
        """Those of PayPal, and those by which tests act for the buyer and the bank."""
        payments = "/v2/payments"
        reads = (
            ("/v2/checkout/orders/{reference}", self._orders.retrieve),
            (f"{payments}/authorizations/{{reference}}", self._payments.authorization),
            (f"{payments}/captures/{{reference}}", self._payments.captured),
            (f"{payments}/refunds/{{reference}}", self._payments.refunded),
            ("/v1/customer/disputes/{reference}", self._disputes.retrieve),
        )
        commands = (
            ("/v2/checkout/orders", self._orders.create),
            ("/v2/checkout/orders/{reference}/authorize", self._orders.authorize),
            (f"{payments}/authorizations/{{reference}}/capture", self._payments.capture),
            (f"{payments}/authorizations/{{reference}}/void", self._payments.void),
            (f"{payments}/captures/{{reference}}/refund", self._payments.refund),
        )
        calls = [*(self._read(*each) for each in reads), *(self._command(*each) for each in commands)]
        return [*calls, *self._other_routes()]

    def _other_routes(self) -> list[BaseRoute]:
        return [
            Route("/v1/oauth2/token", self.token, methods=["POST"]),
            Route("/v2/checkout/orders/{reference}", self.patch, methods=["PATCH"]),
            Route("/v1/customer/disputes", self.list_disputes, methods=["GET"]),
            Route("/v1/reporting/transactions", self.report, methods=["GET"]),
            Route("/checkoutnow", self.approval_page, methods=["GET"]),
            Route("/_buyer", self.decline_next, methods=["POST"]),
            Route("/_buyer/{reference}", self.buyer_acts, methods=["POST"]),
            Route("/_expired/{reference}", self.expire, methods=["POST"]),
            Route("/_refunds/{reference}", self.refund, methods=["POST"]),
            Route("/_refund_failures/{reference}", self.send_back, methods=["POST"]),
            Route("/_disputes", self.open_dispute, methods=["POST"]),
            Route("/_disputes/{reference}", self.change_dispute, methods=["POST"]),
        ]

    async def token(self, request: Request) -> Response:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        client_id, _, secret = base64.b64decode(given).decode().partition(":")
        if (scheme, client_id, secret) != ("Basic", *self._credentials):
            return _answer({"error": "invalid_client", "error_description": "Client Authentication failed"}, 401)
        token = f"A21AA{secrets.token_urlsafe(48)}"
        self._tokens.add(token)
        return _answer({"scope": "", "access_token": token, "token_type": "Bearer", "expires_in": self._token_seconds})

    async def patch(self, request: Request) -> Response:
        if (rejection := self._unauthenticated(request)) is not None:
            return rejection
        changes = orjson.loads(await request.body())
        return _tried(lambda: self._orders.patch(changes, request.path_params["reference"]))

    async def report(self, request: Request) -> Response:
        return self._unauthenticated(request) or _tried(lambda: transactions(self._account, request.query_params))

    async def approval_page(self, request: Request) -> Response:
        """The buyer's browser: who opens it approves, or gives up with ``&cancel=1``, and is sent back to the shop."""
        reference, approves = request.query_params.get("token", ""), "cancel" not in request.query_params
        try:
            self._orders.act(reference, approves)
            return RedirectResponse(self._orders.way_back(reference, approves), 302)
        except PayPalError as error:
            return _answer(error.as_json(), error.status)

    async def buyer_acts(self, request: Request) -> Response:
        approves = bool(orjson.loads(await request.body())["approves"])
        return _tried(lambda: self._orders.act(request.path_params["reference"], approves))

    async def decline_next(self, request: Request) -> Response:
        wanted = orjson.loads(await request.body())
        self._orders.next_issue = wanted.get("declines")
        self._payments.is_slow = wanted.get("waits", False)
        return Response(status_code=204)

    async def expire(self, request: Request) -> Response:
        return _tried(lambda: self._orders.expire(request.path_params["reference"]))

    async def refund(self, request: Request) -> Response:
        amount = orjson.loads(await request.body())["amount"]
        return _tried(lambda: self._payments.refund_in_dashboard(request.path_params["reference"], amount))

    async def send_back(self, request: Request) -> Response:
        return _tried(lambda: self._payments.fail(request.path_params["reference"]))

    async def open_dispute(self, request: Request) -> Response:
        wanted = orjson.loads(await request.body())
        reason = wanted.get("reason", "UNAUTHORISED")
        return _tried(lambda: self._disputes.open(wanted["payment"], wanted.get("amount"), reason))

    async def change_dispute(self, request: Request) -> Response:
        wanted, reference = orjson.loads(await request.body()), request.path_params["reference"]
        if "evidence_due_by" in wanted:
            due = moment(datetime.fromtimestamp(wanted["evidence_due_by"], UTC))
            return _tried(lambda: self._disputes.set_due(reference, due))
        if wanted["outcome"] == "appealed":
            return _tried(lambda: self._disputes.appeal(reference))
        return _tried(lambda: self._disputes.close(reference, wanted["outcome"] == "won"))

    async def list_disputes(self, request: Request) -> Response:
        return self._unauthenticated(request) or _tried(lambda: self._disputes.page(request.query_params))

    def _read(self, path: str, read: Call) -> Route:
        async def endpoint(request: Request) -> Response:
            return self._unauthenticated(request) or _tried(lambda: read(*request.path_params.values()))

        return Route(path, endpoint, methods=["GET"])

    def _command(self, path: str, command: Call) -> Route:
        async def endpoint(request: Request) -> Response:
            if (rejection := self._unauthenticated(request)) is not None:
                return rejection
            sent = await request.body()
            request_id = request.headers.get("paypal-request-id")
            try:
                done = await self._request_ids.once(
                    request_id, request.url.path, sent, lambda: _work(request, sent, command)
                )
            except PayPalError as error:
                return _answer(error.as_json(), error.status)
            return _done(request, *done)

        return Route(path, endpoint, methods=["POST"])

    def _unauthenticated(self, request: Request) -> Response | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer" and token in self._tokens:
            return None
        return _answer({"error": "invalid_token", "error_description": "Token signature verification failed"}, 401)


async def _work(request: Request, sent: bytes, command: Call) -> Object:
    """Does what a call asks for; a rule may make it slow, or fail before it has an effect."""
    rule: RequestRule | None = request.scope.get(RULE)
    if rule and rule.is_during(RequestAction.DELAY):
        await asyncio.sleep(rule.seconds)
    if rule and rule.is_during(RequestAction.FAIL):
        raise PayPalError(rule.status, "INTERNAL_SERVICE_ERROR")
    try:
        body = orjson.loads(sent or b"{}")
    except ValueError:
        raise PayPalError(400, "MALFORMED_REQUEST_JSON") from None
    return command(body, *request.path_params.values())


def _done(request: Request, result: Object, is_repeated: bool) -> Response:
    """201 for a new thing, 200 for one that was there; the whole of it only to those who ask for it."""
    is_whole = "return=representation" in request.headers.get("prefer", "")
    if request.url.path.endswith("/void"):
        return _answer(result) if is_whole else Response(status_code=204)
    shown = result if is_whole else {name: result[name] for name in ("id", "status", "links")}
    return _answer(shown, 200 if is_repeated else 201)


def _tried(act: Callable[[], Object | None]) -> Response:
    try:
        result = act()
    except PayPalError as error:
        return _answer(error.as_json(), error.status)
    return Response(status_code=204) if result is None else _answer(result)


def _answer(content: Any, status: int = 200) -> Response:
    response = answer(content, status)
    response.headers["paypal-debug-id"] = debug_id()
    return response


@dataclass(frozen=True)
class Options:
    """``authority_file`` is where the root of the double's certificate is written, as PEM, for the shop to trust."""

    port: int
    credentials: tuple[str, str]
    webhook_url: str | None
    webhook_id: str
    authority_file: Path | None
    token_seconds: float


def paypal_double(options: Options) -> Starlette:
    """The whole double."""
    base = f"http://{LOOPBACK}:{options.port}"
    authority = Authority()
    if options.authority_file is not None:
        options.authority_file.write_bytes(authority.pem)
    signer = Signer(authority.certify(), f"{base}{CERTIFICATE_PATH}", options.webhook_id)

    async def certificate(request: Request) -> Response:
        return Response(signer.certified.pem, media_type="application/x-x509-ca-cert")

    control, ledger = Control(), Ledger()
    webhooks = Webhooks(control, options.webhook_url, signer.headers)
    api = Api(Account(base, ledger, webhooks), options.credentials, options.token_seconds)
    return create_app([*api.routes(), Route(CERTIFICATE_PATH, certificate)], control, webhooks, ledger)
