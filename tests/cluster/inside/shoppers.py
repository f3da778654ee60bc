"""Shoppers: reads and orders at a steady rate through the router, until the standard input ends; then a report in JSON.

It runs in a pod of its own, on the way that a cluster's own clients take: DNS, the Service, the node's rules. What
fails is asked again with the same idempotency key, as an app would, and counted: a failed attempt is no lost order.
A request that finds no answer within 90 seconds is lost. A kept connection that ends without a byte of an answer is
no failure of the request, but of keeping it: as browsers and proxies do, the request is sent again at once, on
another one; that is counted apart.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import random
import secrets
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

PATIENCE_SECONDS = 90.0  # with one node goes all that answers, and starts anew on what is left of two cores
SETTLING_SECONDS = (
    180.0  # a mail that was being sent when its worker or its database went is tried again after two minutes
)
_PAUSE_SECONDS = 0.25
_AT_ONCE = 12  # more than a mesh at rest needs for the rates asked for; a slow one is not buried
_ADDRESS = {
    "recipient": "Ada Lovelace",
    "line1": "Hauptstraße 1",
    "postalCode": "10827",
    "city": "Berlin",
    "country": "DE",
}
_ERRORS = "errors { code message }"

LISTING = """query Listing($after: String) { products(first: 20, after: $after) { pageInfo { endCursor } nodes {
  id title category { name } defaultVariant { id price { amount currency } stock { available status } } } } }"""
ME = "query Me { me { id email notifications(first: 5) { nodes { id kind } } } }"
ORDER = """query Order($id: ID!) { order(id: $id) { id status cancellation { code message }
  lines { id variant { id sku } } payments { status } notifications { kind sentAt } } }"""
REGISTER = f"""mutation Register($input: UserRegisterInput!) {{
  userRegister(input: $input) {{ tokens {{ accessToken }} {_ERRORS} }} }}"""
CREATE_CART = f"mutation CreateCart {{ cartCreate {{ cart {{ id }} {_ERRORS} }} }}"
ADD_LINES = (
    f"mutation AddLines($input: CartAddLinesInput!) {{ cartAddLines(input: $input) {{ cart {{ id }} {_ERRORS} }} }}"
)
PLACE = f"""mutation Place($input: CheckoutPlaceOrderInput!, $key: String!) {{
  checkoutPlaceOrder(input: $input, idempotencyKey: $key) {{ order {{ id status }} {_ERRORS} }} }}"""

JsonObject = dict[str, Any]


class ShopperError(Exception):
    """An answer that is none: no HTTP, or GraphQL errors."""


@dataclass
class Report:
    """What happened, as the test reads it."""

    reads: int = 0
    mutations: int = 0
    resent: list[str] = field(default_factory=list)
    failed_reads: list[str] = field(default_factory=list)
    failed_mutations: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    unmailed: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def printed(self) -> str:
        """One line of JSON, with a few quantiles instead of all times."""
        times = sorted(self.milliseconds) or [0.0]
        quantiles = {
            f"p{percent}": round(times[min(len(times) - 1, len(times) * percent // 100)]) for percent in (50, 99, 100)
        }
        return json.dumps({**vars(self), "milliseconds": quantiles})


class Shopper:
    """One account and its requests."""

    def __init__(self, http: httpx.AsyncClient, report: Report) -> None:
        self._http = http
        self._report = report
        self._email = f"{secrets.token_hex(6)}@example.com"
        self._token = ""
        self._variants: list[str] = []
        self._reads = itertools.cycle((self._list, self._look_at_me, self._look_at_order))

    async def arrive(self) -> None:
        """Registers, and sees what there is."""
        given = {"email": self._email, "password": secrets.token_urlsafe(12), "name": "Ada Lovelace"}
        payload = await self._insisted(lambda: self._ask(REGISTER, {"input": given}))
        self._token = payload["userRegister"]["tokens"]["accessToken"]
        nodes = (await self._insisted(lambda: self._ask(LISTING, {})))["products"]["nodes"]
        self._variants = [
            node["defaultVariant"]["id"] for node in nodes if node["defaultVariant"]["stock"]["available"] > 50
        ]

    async def read(self) -> None:
        """One of three reads: between them they ask all six subgraphs."""
        await next(self._reads)()

    async def buy(self) -> None:
        """A cart and an order for one unit."""
        cart = (await self._mutate(CREATE_CART, {}))["cart"]["id"]
        lines = [{"variantId": random.choice(self._variants), "quantity": 1}]
        await self._mutate(ADD_LINES, {"input": {"cartId": cart, "lines": lines}})
        given = {"cartId": cart, "email": self._email, "shippingAddress": _ADDRESS, "paymentMethodId": "pm_card_visa"}
        placed = await self._mutate(PLACE, {"input": given, "key": secrets.token_hex(16)})
        self._report.orders[placed["order"]["id"]] = "PENDING"

    async def settle(self) -> None:
        """Waits until every order is at its end and its mail is sent, and notes what is not."""
        deadline = time.monotonic() + SETTLING_SECONDS
        waiting = set(self._report.orders)
        while waiting and time.monotonic() < deadline:
            waiting = {order for order in waiting if not await self._is_settled(order)}
            await asyncio.sleep(_PAUSE_SECONDS)
        self._report.unmailed = sorted(waiting)

    async def _is_settled(self, order_id: str) -> bool:
        order = (await self._insisted(lambda: self._ask(ORDER, {"id": order_id})))["order"]
        self._report.orders[order_id] = order["status"] if order else "MISSING"
        return bool(order) and any(mail["sentAt"] for mail in order["notifications"] or ())

    async def _list(self) -> None:
        nodes = (await self._read_once(LISTING, {}))["products"]["nodes"]
        if not nodes or any(node["defaultVariant"]["stock"] is None for node in nodes):
            self._report.failed_reads.append(f"{_now()} Listing: no stock")

    async def _look_at_me(self) -> None:
        me = (await self._read_once(ME, {}))["me"]
        if not me or me["notifications"] is None:
            self._report.failed_reads.append(f"{_now()} Me: {me}")

    async def _look_at_order(self) -> None:
        if not self._report.orders:
            return
        order = (await self._read_once(ORDER, {"id": random.choice(list(self._report.orders))}))["order"]
        if not order or order["payments"] is None or order["notifications"] is None:
            self._report.failed_reads.append(f"{_now()} Order: {order}")

    async def _read_once(self, query: str, variables: JsonObject) -> JsonObject:
        """A read; when it fails that is noted, and it is asked again."""
        self._report.reads += 1
        return await self._insisted(lambda: self._ask(query, variables), self._report.failed_reads)

    async def _mutate(self, query: str, variables: JsonObject) -> JsonObject:
        self._report.mutations += 1
        (payload,) = (await self._insisted(lambda: self._ask(query, variables), self._report.failed_mutations)).values()
        if payload["errors"]:
            self._report.lost.append(f"{_now()} {_name(query)}: {payload['errors']}")
            raise ShopperError(payload["errors"])
        result: JsonObject = payload
        return result

    async def _insisted(
        self, ask: Callable[[], Awaitable[JsonObject]], failures: list[str] | None = None
    ) -> JsonObject:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await ask()
            except ShopperError as failure:
                if failures is not None:
                    failures.append(f"{_now()} {failure}")
                if time.monotonic() > deadline:
                    self._report.lost.append(f"{_now()} {failure}")
                    raise
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _ask(self, query: str, variables: JsonObject) -> JsonObject:
        started = time.monotonic()
        try:
            response = await self._send(query, variables)
            answer: JsonObject = response.json()
        except (httpx.TransportError, json.JSONDecodeError) as error:
            raise ShopperError(f"{_name(query)}: {type(error).__name__} {error}") from error
        self._report.milliseconds.append((time.monotonic() - started) * 1000)
        if answer.get("errors") or response.status_code != 200:
            raise ShopperError(f"{_name(query)}: HTTP {response.status_code} {json.dumps(answer.get('errors'))[:300]}")
        data: JsonObject = answer["data"]
        return data

    async def _send(self, query: str, variables: JsonObject) -> httpx.Response:
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        body = {"query": query, "variables": variables}
        try:
            return await self._http.post("/graphql", json=body, headers=headers)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
            self._report.resent.append(f"{_now()} {_name(query)}: {type(error).__name__} {error}")
            return await self._http.post("/graphql", json=body, headers={**headers, "connection": "close"})


def _name(query: str) -> str:
    return query.split("{")[0].split("(")[0].split()[-1]


def _now() -> str:
    return datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]


async def _at_a_rate(act: Callable[[], Awaitable[None]], per_second: float, stop: asyncio.Event) -> None:
    """Begins an act so often, as long as not too many are under way; ends when all have ended."""
    due, under_way = time.monotonic(), asyncio.Semaphore(_AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        while not stop.is_set():
            await under_way.acquire()
            tasks.create_task(_quietly(act)).add_done_callback(lambda _: under_way.release())
            due = max(due + 1 / per_second, time.monotonic())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), max(0.0, due - time.monotonic()))


async def _quietly(act: Callable[[], Awaitable[None]]) -> None:
    with contextlib.suppress(ShopperError):  # it is in the report
        await act()


async def main() -> None:
    """Prints ``ready`` once it shops, and the report when it is done."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--router", default="http://router:4000")
    parser.add_argument("--reads", type=float, default=10)
    parser.add_argument("--orders", type=float, default=1)
    told = parser.parse_args()
    report, stop = Report(), asyncio.Event()
    async with httpx.AsyncClient(base_url=told.router, timeout=20, limits=httpx.Limits(max_connections=200)) as http:
        shopper = Shopper(http, report)
        await shopper.arrive()
        await shopper.buy()
        print("ready", flush=True)
        asyncio.get_running_loop().run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: stop.set())
        await asyncio.gather(_at_a_rate(shopper.read, told.reads, stop), _at_a_rate(shopper.buy, told.orders, stop))
        await shopper.settle()
    print(report.printed(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
