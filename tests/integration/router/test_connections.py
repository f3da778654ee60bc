"""What clients do with connections: keep them, break them, send in pieces, or send what is no request."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator

import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import NODE, Kind, Router, router_environment
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually

TYPENAME = b'{"query":"{ __typename }"}'
ANSWER = {"data": {"__typename": "Query"}}


class Connection:
    """A connection on which a test decides about each byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, content: bytes) -> None:
        self.writer.write(content)

    async def answer(self) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of the next answer."""
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 30)).decode()
        status, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), headers, body.decode()

    async def is_closed(self) -> bool:
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(self.reader.read(), 30) == b""
        return True


@contextlib.asynccontextmanager
async def connected(router: Router) -> AsyncIterator[Connection]:
    url = router.http.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


def request(body: bytes = TYPENAME, length: int | None = None, **headers: str) -> bytes:
    lines = {"host": "x", "content-type": "application/json", "content-length": str(length or len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())
    return b"POST /graphql HTTP/1.1\r\n" + head.encode() + b"\r\n" + body


@pytest.fixture(scope="module")
async def narrow(doubles: Doubles, issuer: Issuer) -> AsyncIterator[Router]:
    """A Node router that lets a client have three unfinished requests."""
    environment = router_environment(issuer.jwks_url, doubles) | {"ROUTER_CONNECTIONS_PER_CLIENT": "3"}
    async with running_router(NODE, environment) as router:
        yield router


async def test_connections_that_rest_are_no_unfinished_requests(narrow: Router) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(6):
            connection = await stack.enter_async_context(connected(narrow))
            connection.send(request())
            assert (await connection.answer())[0] == 200


async def test_a_client_has_so_many_connections_and_no_more(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    environment = router_environment(issuer.jwks_url, doubles) | {"ROUTER_CONNECTIONS_PER_CLIENT": "3"}
    async with running_router(kind, environment) as router, contextlib.AsyncExitStack() as stack:
        resting = []
        while await is_answered(connection := await stack.enter_async_context(connected(router))):
            resting.append(connection)
            assert len(resting) <= 12
        # One more may be the test's own.
        assert len(resting) >= 11
        assert await is_answered(resting[0])
        resting.pop().writer.close()
        await eventually(lambda: is_let_in(router), "another connection has its place")


async def is_answered(connection: Connection) -> bool:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        connection.send(request())
        return (await connection.answer())[0] == 200
    return False


async def is_let_in(router: Router) -> bool:
    async with connected(router) as connection:
        return await is_answered(connection)


async def test_a_connection_rests_for_longer_than_browsers_and_tools_wait_between_requests(router: Router) -> None:
    """What closes it first races with the client's next request, which is then lost without an answer."""
    async with connected(router) as connection:
        connection.send(request())
        assert (await connection.answer())[0] == 200
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.reader.read(), 7)
        connection.send(request())
        assert (await connection.answer())[0] == 200


async def test_requests_that_are_sent_ahead_on_one_connection_count_each(narrow: Router) -> None:
    held = json.dumps({"query": '{ product(slug: "silent") { title } }'}).encode()
    async with connected(narrow) as connection:
        connection.send(request(held) * 5)
        statuses = [(await connection.answer())[0] for _ in range(4)]
    assert statuses == [200, 200, 200, 429]


async def test_requests_that_are_sent_ahead_are_answered_in_their_order(router: Router) -> None:
    aliases = [f"a{number}" for number in range(20)]
    async with connected(router) as connection:
        connection.send(
            b"".join(request(json.dumps({"query": f"{{ {alias}: __typename }}"}).encode()) for alias in aliases)
        )
        answers = [json.loads((await connection.answer())[2]) for _ in aliases]
    assert answers == [{"data": {alias: "Query"}} for alias in aliases]


async def test_a_body_in_pieces_is_read_whole(router: Router) -> None:
    async with connected(router) as connection:
        whole = request()
        for index in range(len(whole)):
            connection.send(whole[index : index + 1])
            await connection.writer.drain()
        status, _, body = await connection.answer()
    assert (status, json.loads(body)) == (200, ANSWER)


async def test_a_client_that_asks_whether_to_go_on_is_told_so(router: Router) -> None:
    async with connected(router) as connection:
        connection.send(request(b"", len(TYPENAME), expect="100-continue"))
        assert (await connection.answer())[0] == 100
        connection.send(TYPENAME)
        status, _, body = await connection.answer()
    assert (status, json.loads(body)) == (200, ANSWER)


async def test_clients_that_break_off_are_forgotten(narrow: Router) -> None:
    for _ in range(10):
        async with connected(narrow) as connection:
            connection.send(request(b'{"query', 100))
            await connection.writer.drain()

    async def answered() -> bool:
        return (await narrow.http.post("/graphql", json={"query": "{ __typename }"})).status_code == 200

    await eventually(answered, "another request is answered")


async def test_after_a_refusal_the_connection_serves_on(node_router: Router) -> None:
    async with connected(node_router) as connection:
        connection.send(request(b"x" * 1_000, content_type="text/plain"))
        assert (await connection.answer())[0] == 415
        connection.send(request())
        assert (await connection.answer())[0] == 200


async def test_a_proxys_whole_address_is_an_address(node_router: Router) -> None:
    async with connected(node_router) as connection:
        connection.send(request().replace(b"/graphql", b"http://shop.example/graphql"))
        assert (await connection.answer())[0] == 200


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"GET /graphql HTTP/1.1\r\nx: " + b"y" * 20_000 + b"\r\n\r\n", 431, "LIMIT_EXCEEDED"),
        (b"this is no HTTP\r\n\r\n", 400, "BAD_USER_INPUT"),
        (request(content_length="x"), 400, "BAD_USER_INPUT"),
        (request(transfer_encoding="chunked"), 400, "BAD_USER_INPUT"),
        (b"POST /graphql HTTP/1.1\r\nhost: x\r\n", 408, "LIMIT_EXCEEDED"),
        (b"", 408, "LIMIT_EXCEEDED"),
    ],
    ids=["large headers", "nonsense", "a length that is none", "two lengths", "half the headers", "nothing"],
)
async def test_what_is_no_request_is_refused_and_the_connection_closes(
    node_router: Router, sent: bytes, status: int, code: str
) -> None:
    async with connected(node_router) as connection:
        connection.send(sent)
        answered, headers, body = await connection.answer()
        assert (answered, json.loads(body)["errors"][0]["extensions"]["code"]) == (status, code)
        assert headers["connection"] == "close"
        assert await connection.is_closed()


UNUSUAL = {
    "an unknown method": (b"FOO /graphql HTTP/1.1\r\nhost: x\r\n\r\n", 405, "BAD_USER_INPUT"),
    "a method that begins like another": (b"POSTER /graphql?a=b HTTP/1.1\r\nhost: x\r\n\r\n", 405, "BAD_USER_INPUT"),
    "a method in small letters": (request().replace(b"POST", b"post"), 405, "BAD_USER_INPUT"),
    "an unknown method elsewhere": (b"FOO /nothing?a=b HTTP/1.1\r\nhost: x\r\n\r\n", 404, "NOT_FOUND"),
    "a tunnel": (b"CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n", 404, "NOT_FOUND"),
    "rubbish": (b"garbage\r\n\r\n", 400, "BAD_USER_INPUT"),
    "large headers": (b"GET /graphql HTTP/1.1\r\nhost: x\r\nx: " + b"y" * 20_000 + b"\r\n\r\n", 431, "LIMIT_EXCEEDED"),
    "a large address": (
        b"GET /graphql?query=" + b"y" * 20_000 + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        431,
        "LIMIT_EXCEEDED",
    ),
    "two lengths": (request(transfer_encoding="chunked"), 400, "BAD_USER_INPUT"),
    "a chunk that is none": (
        b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        400,
        "BAD_USER_INPUT",
    ),
}
BEFORE = {
    "at first": [],
    "behind an answer of the router": [TYPENAME],
    "behind an answer that takes a while": [b'{"query":"{ products(first: 2) { nodes { title } } }"}'] * 3,
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("what", UNUSUAL)
async def test_what_comes_with_good_requests_is_answered_after_them(
    node_router: Router, what: str, before: str
) -> None:
    sent, status, code = UNUSUAL[what]
    async with connected(node_router) as connection:
        connection.send(b"".join(map(request, BEFORE[before])) + sent)
        for _ in BEFORE[before]:
            answered, _, body = await connection.answer()
            assert (answered, "errors" in json.loads(body)) == (200, False)
        answered, headers, body = await connection.answer()
        assert (answered, json.loads(body)["errors"][0]["extensions"]["code"]) == (status, code)
        assert headers["content-type"] == "application/json; charset=utf-8"
        assert await connection.is_closed()


@pytest.mark.parametrize("what", UNUSUAL)
async def test_what_comes_on_a_connection_that_was_used_before_is_answered(node_router: Router, what: str) -> None:
    sent, status, code = UNUSUAL[what]
    async with connected(node_router) as connection:
        connection.send(request())
        assert (await connection.answer())[0] == 200
        connection.send(sent)
        answered, _, body = await connection.answer()
        assert (answered, json.loads(body)["errors"][0]["extensions"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request().replace(b"host: x\r\n", b""), 400),
        (request().replace(b"host: x\r\n", b"").replace(b"HTTP/1.1", b"HTTP/1.0"), 200),
        (request().replace(b"HTTP/1.1", b"HTTP/2.0"), 400),
        (request(expect="foo"), 200),
    ],
    ids=["no host", "no host of old", "another version", "an expectation"],
)
async def test_what_node_would_answer_without_words_is_answered_in_json(
    node_router: Router, sent: bytes, status: int
) -> None:
    async with connected(node_router) as connection:
        connection.send(sent)
        answered, headers, body = await connection.answer()
        assert (answered, headers["content-type"]) == (status, "application/json; charset=utf-8")
        assert ("errors" in json.loads(body)) is (status != 200)


async def test_what_follows_a_body_that_is_too_large_ends_in_time(node_router: Router) -> None:
    async with connected(node_router) as connection:
        connection.send(request(b"x", 10_000_000))
        assert (await connection.answer())[0] == 413
        assert await connection.is_closed()


async def test_an_answer_that_nobody_reads_does_not_stay(node_router: Router) -> None:
    """Sixty answers of 200 KB are more than the kernel keeps for a client that does not read."""
    titles = " ".join(f"title{number}: title" for number in range(90))
    large = json.dumps({"query": f"{{ products(first: 100) {{ nodes {{ {titles} }} }} }}"}).encode()
    async with connected(node_router) as connection:
        connection.writer.transport.pause_reading()  # type: ignore[attr-defined]
        connection.send(request(large) * 60)

        async def is_closed() -> bool:
            connection.send(b" ")
            return connection.writer.transport.is_closing()

        await eventually(is_closed, "the router closes the connection", 60, 0.5)
    assert (await node_router.ask("{ __typename }")) == ANSWER
