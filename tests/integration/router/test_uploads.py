"""Requests that are rejected while their bodies are still on the way.

A client that sends first and reads then gets its answer.
"""

import json
from collections.abc import AsyncIterator

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import Kind, Router, router_environment
from tests.integration.router.processes import router as running_router
from tests.integration.router.test_connections import connected
from tests.subgraphs import eventually

JSON = {"content-type": "application/json"}
LARGE, HUGE = 200_000, 5_000_000
TIMES = 5  # whether an answer is lost depends on what arrives when

# What is refused by its head, or by too many bytes: the request's line, headers, size, and the answer's status.
REFUSED = {
    "a file": ("POST /graphql", {"content-type": "multipart/form-data; boundary=x"}, LARGE, 415),
    "a huge file": ("POST /graphql", {"content-type": "multipart/form-data; boundary=x"}, HUGE, 415),
    "no type": ("POST /graphql", {}, LARGE, 415),
    "a packed body": ("POST /graphql", {**JSON, "content-encoding": "gzip"}, LARGE, 415),
    "an accept of neither": ("POST /graphql", {**JSON, "accept": "text/csv"}, LARGE, 406),
    "another path": ("POST /upload", JSON, LARGE, 404),
    "another method": ("PUT /graphql", JSON, LARGE, 405),
    "too much": ("POST /graphql", JSON, 300_000, 413),
    "far too much": ("POST /graphql", JSON, HUGE, 413),
    "a malformed token": ("POST /graphql", {**JSON, "authorization": "Bearer nonsense"}, LARGE, 401),
}


def padded(size: int) -> bytes:
    return json.dumps({"query": "{ __typename }", "padding": "x" * size}).encode()


def head(line: str, headers: dict[str, str]) -> bytes:
    lines = [f"{line} HTTP/1.1", "host: x", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "\r\n"]).encode()


@pytest.fixture(scope="module")
async def narrow(kind: Kind, doubles: Doubles, issuer: Issuer) -> AsyncIterator[Router]:
    """A router that lets a client have one unfinished request."""
    environment = router_environment(issuer.jwks_url, doubles) | {"ROUTER_CONNECTIONS_PER_CLIENT": "1"}
    async with running_router(kind, environment) as router:
        yield router


async def status_of(router: Router, line: str, headers: dict[str, str], body: bytes) -> int:
    """The status that a client gets that sends all of its body before it reads."""
    async with connected(router) as connection:
        connection.send(head(line, {**headers, "content-length": str(len(body))}) + body)
        await connection.writer.drain()
        return (await connection.answer())[0]


@pytest.mark.parametrize("what", REFUSED)
async def test_an_upload_gets_its_answer(router: Router, what: str) -> None:
    line, headers, size, status = REFUSED[what]
    assert [await status_of(router, line, headers, padded(size)) for _ in range(TIMES)] == [status] * TIMES


async def test_an_upload_in_chunks_gets_its_answer(router: Router) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x", "transfer-encoding": "chunked"}
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    for _ in range(TIMES):
        async with connected(router) as connection:
            connection.send(head("POST /graphql", headers) + chunk * 40 + b"0\r\n\r\n")
            await connection.writer.drain()
            assert (await connection.answer())[0] == 415


async def test_one_request_too_many_gets_its_answer_whatever_its_size(narrow: Router, doubles: Doubles) -> None:
    held = json.dumps({"query": '{ product(slug: "held") { title } }'}).encode()
    async with connected(narrow) as first:
        first.send(head("POST /graphql", {**JSON, "content-length": str(len(held))}) + held)
        await first.writer.drain()
        await eventually(doubles["products"].received, "the first request is under way")
        statuses = [await status_of(narrow, "POST /graphql", JSON, padded(LARGE)) for _ in range(TIMES)]
        await doubles["products"].release()
        assert (await first.answer())[0] == 200
    assert statuses == [429] * TIMES


async def test_a_client_that_asks_whether_to_send_its_file_is_answered(router: Router) -> None:
    headers = {
        "content-type": "multipart/form-data; boundary=x",
        "content-length": str(LARGE),
        "expect": "100-continue",
    }
    async with connected(router) as connection:
        connection.send(head("POST /graphql", headers))
        status = (await connection.answer())[0]
        if status == 100:
            connection.send(b"x" * LARGE)
            status = (await connection.answer())[0]
    assert status == 415
