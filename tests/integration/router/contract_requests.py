"""How the requests of the error contract are made, and what comes back."""

import asyncio
import http.client
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.identity import Issuer
from tests.integration.router.processes import Router
from tests.subgraphs import eventually

PRODUCTS = "{ products(first: 1) { nodes { title } } }"
CART = "cartCreate { errors { code } }"
MUTATION = "mutation { " + CART + " }"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    closes: bool = False

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.text)
        return body


@dataclass(frozen=True)
class Routers:
    """A router as usual, one whose token keys nobody publishes, and one with three unfinished requests a client."""

    usual: Router
    keyless: Router
    narrow: Router
    issuer: Issuer


Case = Callable[[Routers, str], Awaitable[Answer]]


@dataclass(frozen=True)
class Request:
    """A case: one request to the usual router."""

    json: Any = None
    method: str = "POST"
    path: str = "/graphql"
    content: bytes | str | None = None
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(self, routers: Routers, accept: str) -> Answer:
        return await self.to(routers.usual, accept)

    async def to(self, router: Router, accept: str) -> Answer:
        typed = {"content-type": "application/json"} if self.content is not None else {}
        headers = {"accept": accept, **typed, **self.headers}
        rest = {"json": self.json, "content": self.content, "params": self.params}
        response = await router.http.request(self.method, self.path, headers=headers, **rest)
        return Answer(response.status_code, response.headers, response.text)


def query(text: str, **members: Any) -> Request:
    return Request({"query": text, **members})


def body(content: bytes | str) -> Request:
    return Request(content=content)


def get(**params: str) -> Request:
    return Request(method="GET", params=params)


def typed(*media_types: str) -> Request:
    """A mutation of another content type, as a foreign page could send it."""
    content = json.dumps({"query": MUTATION})
    return Request(
        content=content, headers={"content-type": ", ".join(media_types), "origin": "https://elsewhere.example"}
    )


def with_token(make: Callable[[Issuer], str], text: str = PRODUCTS) -> Case:
    async def case(routers: Routers, accept: str) -> Answer:
        headers = {"authorization": make(routers.issuer)}
        return await Request({"query": text}, headers=headers).to(routers.usual, accept)

    return case


async def unverifiable_token(routers: Routers, accept: str) -> Answer:
    headers = {"authorization": f"Bearer {routers.issuer.token()}"}
    return await Request({"query": PRODUCTS}, headers=headers).to(routers.keyless, accept)


async def untyped(routers: Routers, accept: str) -> Answer:
    return await asyncio.to_thread(
        begin_and_read, routers.usual, accept, b'{"query":"{__typename}"}', 24, content_type=None
    )


async def body_that_never_ends(routers: Routers, accept: str) -> Answer:
    return await asyncio.to_thread(begin_and_read, routers.usual, accept, b'{"query":"', 100)


async def more_requests_than_three(routers: Routers, accept: str) -> Answer:
    """Tried until it is refused:
    connections that the router has not seen close yet may stand in the way of the three.
    """
    return await eventually(lambda: a_fourth_request(routers.narrow, accept), "a fourth unfinished request is refused")


async def a_fourth_request(router: Router, accept: str) -> Answer | None:
    """What it is refused with; the connection may just be closed, which counts as the answer.

    None if it is not refused.
    """
    unfinished = [begin(router, accept, b'{"query":"', 100) for _ in range(3)]
    try:
        answer = await asyncio.to_thread(begin_and_read, router, accept, b'{"query":"{__typename}"}', 24)
        return answer if answer.status != 200 else None
    except (ConnectionError, http.client.HTTPException):
        return Answer(429, {"retry-after": "1"}, "")
    finally:
        for connection in unfinished:
            connection.close()


def begin(
    router: Router, accept: str, content: bytes, length: int, content_type: str | None = "application/json"
) -> http.client.HTTPConnection:
    """Sends a request whose body is perhaps shorter than it says."""
    url = router.http.base_url
    connection = http.client.HTTPConnection(url.host, url.port, timeout=30)
    connection.putrequest("POST", "/graphql", skip_accept_encoding=True)
    connection.putheader("accept", accept)
    connection.putheader("content-length", str(length))
    if content_type:
        connection.putheader("content-type", content_type)
    connection.endheaders()
    connection.send(content)
    return connection


def begin_and_read(
    router: Router, accept: str, content: bytes, length: int, content_type: str | None = "application/json"
) -> Answer:
    connection = begin(router, accept, content, length, content_type)
    try:
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read().decode(), response.will_close)
    finally:
        connection.close()
