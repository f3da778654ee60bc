"""Stripe's API as routes, with its authentication, errors, idempotency keys and headers around each call."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Mapping

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from tests.doubles.control import Control, RequestAction, RequestRule
from tests.doubles.faults import RULE, failure
from tests.doubles.ledger import Ledger
from tests.doubles.server import answer, create_app
from tests.doubles.stripe.account import API_VERSION, Account, Object
from tests.doubles.stripe.errors import StripeError, unauthorized
from tests.doubles.stripe.idempotency import Answer, Keys
from tests.doubles.stripe.intents import Intents
from tests.doubles.stripe.methods import Customers, Methods
from tests.doubles.stripe.money import Till
from tests.doubles.stripe.parameters import Parameters, parse
from tests.doubles.stripe.refunds import Disputes, Refunds
from tests.doubles.webhooks import Webhooks

Call = Callable[..., Object]


class Api:
    """Every call of Stripe's API that the double has."""

    def __init__(self, account: Account, api_key: str) -> None:
        self._account = account
        self._api_key = api_key
        self._keys = Keys()
        till = Till(account)
        self._methods = Methods(account)
        self._disputes = Disputes(account, till)
        self._intents = Intents(account, self._methods, till, self._disputes)
        self._refunds = Refunds(account, till)
        self._customers = Customers(account)

    def routes(self) -> list[BaseRoute]:
        """Those of Stripe, and those by which tests act for the buyer and the bank."""
        own = [
            Route("/_buyer/{reference}", self.buyer_acts, methods=["POST"]),
            Route("/_expired/{reference}", self.expire, methods=["POST"]),
            Route("/_refunds/{reference}", self.refund, methods=["POST"]),
            Route("/_refund_failures/{reference}", self.send_back, methods=["POST"]),
            Route("/_disputes", self.open_dispute, methods=["POST"]),
            Route("/_disputes/{reference}", self.change_dispute, methods=["POST"]),
        ]
        calls = (*self._payment_calls(), *self._buyer_calls(), *self._reading_calls())
        return [*(self._route(*call) for call in calls), *own]

    async def buyer_acts(self, request: Request) -> Response:
        approves = bool(orjson.loads(await request.body())["approves"])
        return _controlled(lambda: self._intents.authenticate(request.path_params["reference"], approves))

    async def expire(self, request: Request) -> Response:
        return _controlled(lambda: self._intents.expire(request.path_params["reference"]))

    async def refund(self, request: Request) -> Response:
        amount = orjson.loads(await request.body())["amount"]
        return _controlled(lambda: self._refunds.refund_in_dashboard(request.path_params["reference"], amount))

    async def send_back(self, request: Request) -> Response:
        reason = orjson.loads(await request.body()).get("reason", "expired_or_canceled_card")
        return _controlled(lambda: self._refunds.fail(request.path_params["reference"], reason))

    async def open_dispute(self, request: Request) -> Response:
        wanted = orjson.loads(await request.body())
        reason = wanted.get("reason", "fraudulent")
        is_inquiry = wanted.get("inquiry", False)
        return _controlled(lambda: self._disputes.open(wanted["payment"], wanted.get("amount"), reason, is_inquiry))

    async def change_dispute(self, request: Request) -> Response:
        wanted, reference = orjson.loads(await request.body()), request.path_params["reference"]
        if "evidence_due_by" in wanted:
            return _controlled(lambda: self._disputes.set_due(reference, wanted["evidence_due_by"]))
        if wanted["outcome"] == "appealed":
            return _controlled(lambda: self._disputes.appeal(reference))
        if wanted["outcome"] == "escalated":
            return _controlled(lambda: self._disputes.escalate(reference))
        return _controlled(lambda: self._disputes.close(reference, wanted["outcome"]))

    def _payment_calls(self) -> list[tuple[str, str, Call]]:
        return [
            ("POST", "/v1/payment_intents", self._intents.create),
            ("GET", "/v1/payment_intents", self._intents.page),
            ("GET", "/v1/payment_intents/{reference}", self._intents.retrieve),
            ("POST", "/v1/payment_intents/{reference}/confirm", self._intents.confirm),
            ("POST", "/v1/payment_intents/{reference}/capture", self._intents.capture),
            ("POST", "/v1/payment_intents/{reference}/cancel", self._intents.cancel),
            ("POST", "/v1/refunds", self._refunds.create),
            ("GET", "/v1/refunds", self._refunds.page),
            ("GET", "/v1/refunds/{reference}", self._refunds.retrieve),
            ("GET", "/v1/disputes", self._disputes.page),
            ("GET", "/v1/disputes/{reference}", self._disputes.retrieve),
        ]

    def _buyer_calls(self) -> list[tuple[str, str, Call]]:
        return [
            ("POST", "/v1/payment_methods", self._methods.create),
            ("GET", "/v1/payment_methods", self._methods.page),
            ("GET", "/v1/payment_methods/{reference}", self._methods.retrieve),
            ("POST", "/v1/payment_methods/{reference}", self._methods.update),
            ("POST", "/v1/payment_methods/{reference}/attach", self._methods.attach),
            ("POST", "/v1/payment_methods/{reference}/detach", self._methods.detach),
            ("POST", "/v1/customers", self._customers.create),
            ("GET", "/v1/customers", self._customers.page),
            ("GET", "/v1/customers/{reference}", self._customers.retrieve),
            ("POST", "/v1/customers/{reference}", self._customers.update),
            ("DELETE", "/v1/customers/{reference}", self._customers.delete),
            ("GET", "/v1/customers/{reference}/payment_methods", self._methods.page_of_customer),
        ]

    def _reading_calls(self) -> list[tuple[str, str, Call]]:
        """What is only ever read."""
        filters = {
            "charge": ("payment_intent", "customer"),
            "balance_transaction": ("source", "type"),
            "event": ("type",),
        }
        calls: list[tuple[str, str, Call]] = []
        for kind, names in filters.items():
            page, retrieve = self._readers(kind, names)
            calls += [("GET", f"/v1/{kind}s", page), ("GET", f"/v1/{kind}s/{{reference}}", retrieve)]
        return calls

    def _readers(self, kind: str, filters: tuple[str, ...]) -> tuple[Call, Call]:
        def page(parameters: Parameters) -> Object:
            return self._account.page(kind, parameters, *filters)

        def retrieve(parameters: Parameters, reference: str) -> Object:
            parameters.finish()
            return self._account.get(kind, reference)

        return page, retrieve

    def _route(self, method: str, path: str, call: Call) -> Route:
        async def endpoint(request: Request) -> Response:
            request_id = f"req_{secrets.token_hex(7)}"
            key = request.headers.get("idempotency-key") if method == "POST" else None
            try:
                self._require_key(request)
                sent = (await request.body()).decode() if method == "POST" else request.url.query
                done = await self._keys.once(
                    key, request.url.path, sent, lambda: self._work(request, request_id, key, sent, call)
                )
            except StripeError as error:
                done = _failed(error, request_id)
            return _response(done, request, request_id, key)

        return Route(path, endpoint, methods=[method])

    async def _work(self, request: Request, request_id: str, key: str | None, sent: str, call: Call) -> Answer:
        """Does what a call asks for; a rule may make it slow, or fail in a way that the idempotency key remembers."""
        rule: RequestRule | None = request.scope.get(RULE)
        if rule and rule.is_during(RequestAction.DELAY):
            await asyncio.sleep(rule.seconds)
        if rule and rule.is_during(RequestAction.FAIL):
            return _told_to_fail(rule)
        done = self._called(request, request_id, key, sent, call)
        return _told_to_fail(rule) if rule and rule.fails_behind() else done

    def _called(self, request: Request, request_id: str, key: str | None, sent: str, call: Call) -> Answer:
        self._account.request = {"id": request_id, "idempotency_key": key}
        try:
            parameters = Parameters(parse(sent))
            found = call(parameters, *request.path_params.values())
            return Answer(200, orjson.dumps(self._account.expanded(found, parameters.expand)))
        except StripeError as error:
            return _failed(error, request_id)

    def _require_key(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme == "Basic":
            given = base64.b64decode(given).decode().partition(":")[0]
        if given != self._api_key:
            raise unauthorized(given)


def stripe_double(api_key: str, webhook_url: str | None, webhook_secret: str) -> Starlette:
    """The whole double."""
    control, ledger = Control(), Ledger()
    webhooks = Webhooks(control, webhook_url, lambda body: _signed(body, webhook_secret))
    return create_app(Api(Account(ledger, webhooks), api_key).routes(), control, webhooks, ledger)


def _signed(body: bytes, secret: str) -> Mapping[str, str]:
    now = int(time.time())
    signature = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return {"content-type": "application/json; charset=utf-8", "stripe-signature": f"t={now},v1={signature}"}


def _failed(error: StripeError, request_id: str) -> Answer:
    log = f"https://dashboard.stripe.com/test/logs/{request_id}"
    return Answer(error.status, orjson.dumps({"error": {**error.fields, "request_log_url": log}}), error.is_kept)


def _told_to_fail(rule: RequestRule) -> Answer:
    return Answer(rule.status, bytes(failure(rule.status).body))


def _response(done: Answer, request: Request, request_id: str, key: str | None) -> Response:
    headers = {"request-id": request_id, "stripe-version": request.headers.get("stripe-version", API_VERSION)}
    if key is not None:
        headers["idempotency-key"] = key
    if done.is_replayed:
        headers["idempotent-replayed"] = "true"
    return Response(done.body, done.status, headers, media_type="application/json")


def _controlled(act: Callable[[], Object]) -> Response:
    try:
        return answer(act())
    except StripeError as error:
        return Response(f"{error}\n", error.status, media_type="text/plain")
