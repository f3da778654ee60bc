"""Requests that are odd before anybody has read their body."""

import gzip
import zlib
from collections.abc import Iterator
from urllib.parse import quote

from tests.security.hostile.case import ANSWERED, JSON, PLANTED, REFUSED, Case, body, fill
from tests.security.hostile.terrain import Terrain

GOOD = body("{ __typename }")
# The server of HTTP may end what it can't read without a word of GraphQL.
UNREAD = ANSWERED | {"UNREAD"}


def requests(ground: Terrain) -> Iterator[Case]:
    """All kinds."""
    yield from _content_types(ground)
    yield from _compressed()
    yield from _headers()
    yield from _in_the_address()
    yield from _methods()
    yield from _chunks()


def _content_types(ground: Terrain) -> Iterator[Case]:
    for value in (
        "text/plain",
        "text/plain; application/json",
        "application/json; text/plain",
        "application/json, text/plain",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json" + ";a=b" * 2_000,
        "application/json;" + " " * 7_000 + "x",
        "application/json; charset=" + "\u00e4" * 2_000,
        "*/*",
        PLANTED * 1_000,
        "",
    ):
        yield Case(
            f"the content type {value[:40]!r} of {len(value)}", GOOD, ANSWERED, headers=(("content-type", value),)
        )
    # A subgraph's only caller is the router, which sends what it likes: no browser gets that far.
    yield Case("no content type", GOOD, ANSWERED if ground.lone else REFUSED, headers=())
    yield Case("two content types", GOOD, ANSWERED, headers=(("content-type", "text/plain"), *JSON))
    multipart = b"--x\r\ncontent-disposition: form-data; name=operations\r\n\r\n" + b"\r\n--x" * 50_000
    yield Case("a form of 50,000 parts", multipart, headers=(("content-type", "multipart/form-data; boundary=x"),))


def _compressed() -> Iterator[Case]:
    bomb = gzip.compress(b'{"query":"' + b" " * 100_000_000 + b'{__typename}"}', 9)
    twice = gzip.compress(gzip.compress(b" " * 200_000_000, 9), 9)
    for encoding, content in {
        "gzip": bomb,
        "deflate": zlib.compress(b" " * 100_000_000, 9),
        "gzip, gzip": twice,
        "br": b"\x00" * 1_000,
        "zstd": b"\x28\xb5\x2f\xfd" + b"\x00" * 1_000,
        "identity, gzip": bomb,
        PLANTED: GOOD,
    }.items():
        yield Case(
            f"a body in {encoding}", content[:250_000], ANSWERED, headers=(*JSON, ("content-encoding", encoding))
        )
    yield Case("gzip that is none", GOOD, ANSWERED, headers=(*JSON, ("content-encoding", "gzip")))


def _headers() -> Iterator[Case]:
    for name, headers in {
        "a header of 7 kB": (("x-a", PLANTED * 1_000),),
        "a header of 200 kB": (("x-a", PLANTED * 28_000),),
        "100 headers": tuple((f"x-{n}", PLANTED) for n in range(100)),
        "5,000 headers": tuple((f"x-{n}", PLANTED) for n in range(5_000)),
        "one header 5,000 times": (("x-a", PLANTED),) * 5_000,
        "a header's name of 100 kB": ((PLANTED * 14_000, "1"),),
        "a correlation id of 7 kB": (("x-correlation-id", PLANTED * 1_000),),
        "a correlation id with quotes": (("x-correlation-id", f'{PLANTED}","level":"ERROR'),),
        "a trace that is none": (("traceparent", PLANTED * 1_000),),
        "a trace state of 7 kB": (
            ("traceparent", "00-" + "1" * 32 + "-" + "2" * 16 + "-01"),
            ("tracestate", "a=b," * 1_700),
        ),
        "baggage of 7 kB": (("baggage", "a=b," * 1_700),),
        "an accept of 7 kB": (("accept", "text/html;q=0.1," * 450),),
        "an accept of wildcards": (("accept", "*/*," * 1_700),),
        "an accept of parameters": (("accept", "application/json" + ";q=1" * 1_600),),
        "an accept of nothing known": (("accept", PLANTED),),
        "an accept-encoding of 7 kB": (("accept-encoding", "gzip;q=0.001," * 500),),
        "cookies of 7 kB": (("cookie", "a=b; " * 1_400),),
        "an origin of 7 kB": (("origin", "http://" + "a." * 3_400),),
        "forwarded addresses": (("x-forwarded-for", "127.0.0.1, " * 600), ("forwarded", "for=1;" * 1_000)),
        "an expectation": (("expect", "200-ok"),),
        "an upgrade": (
            ("connection", "close, upgrade"),
            ("upgrade", "websocket"),
            ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("sec-websocket-version", "13"),
        ),
        "an upgrade to HTTP/2": (
            ("connection", "close, upgrade, http2-settings"),
            ("upgrade", "h2c"),
            ("http2-settings", "AAAA"),
        ),
        "a range": (("range", "bytes=" + "0-1," * 1_500),),
    }.items():
        yield Case(name, GOOD, UNREAD, headers=(*JSON, *headers))


def _in_the_address() -> Iterator[Case]:
    def asked(name: str, query: str, headers: tuple[tuple[str, str], ...] = ()) -> Case:
        return Case(
            f"an address with {name}",
            b"",
            UNREAD | {"PERSISTED_QUERY_NOT_SUPPORTED"},
            method="GET",
            path=f"/graphql?{query}",
            headers=headers,
        )

    yield asked("a query", "query=%7B__typename%7D")
    yield asked("a query of 7 kB", "query=%7B__typename%7D" + "%20" * 2_300)
    yield asked("a query of 200 kB", "query=%7B__typename%7D" + "%20" * 66_000)
    yield asked("1,500 aliases", "query=" + quote("{" + "".join(f"a{n}:__typename " for n in range(300)) + "}"))
    yield asked("fragments that spread twice", "query=" + quote(_doubling(20)))
    yield asked("a mutation", "query=mutation%7BcartCreate%7B__typename%7D%7D")
    yield asked("variables 2,000 deep", "query=%7B__typename%7D&variables=" + "%5B" * 2_000)
    yield asked("variables that are no JSON", f"query=%7B__typename%7D&variables={PLANTED}")
    yield asked("2,000 parameters", "&".join(f"p{n}=1" for n in range(900)))
    yield asked("the query 500 times", "&".join(["query=%7B__typename%7D"] * 300))
    yield asked("percent signs", "query=" + "%" * 7_000)
    yield asked("bytes that are no UTF-8", "query=" + "%FF%C0%80" * 700)
    yield asked("plus signs", "query=" + "+" * 7_000)
    yield asked("a hash", "extensions=" + quote('{"persistedQuery":{"version":1,"sha256Hash":"00"}}'))
    yield asked("nothing, by a browser", "", (("accept", "text/html"),))
    yield asked("a query of 7 kB, by a browser", "query=" + PLANTED * 1_000, (("accept", "text/html"),))
    for path in (
        "/",
        "/graphql/",
        "//graphql",
        "/graphql/" + "../" * 2_000,
        "/" + "a" * 7_000,
        "/%00",
        "/graphql%2f",
        "/.env",
        "/metrics",
        "*",
    ):
        yield Case(f"the address {path[:30]!r}", b"", UNREAD | {"NOT_FOUND"}, method="GET", path=path, headers=())


def _doubling(levels: int) -> str:
    spreads = "".join(f"fragment f{n} on Query{{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
    return f"{{...f0}}{spreads}fragment f{levels} on Query{{__typename}}"


def _methods() -> Iterator[Case]:
    for method in (
        "PUT",
        "PATCH",
        "DELETE",
        "HEAD",
        "OPTIONS",
        "TRACE",
        "PROPFIND",
        "CONNECT",
        "QUERY",
        PLANTED.upper(),
        "G" * 5_000,
    ):
        yield Case(f"the method {method[:20]}", GOOD, UNREAD, method=method)


def _chunks() -> Iterator[Case]:
    large = body("{ __typename }", {"a": fill("x", 200_000)})
    yield Case("200 kB in chunks of 100 bytes", large, ANSWERED, chunk_bytes=100)
    yield Case("40 kB in chunks of one byte", body("{ __typename }" + " " * 40_000), ANSWERED, chunk_bytes=1)
    yield Case("a body in chunks of one byte", GOOD, ANSWERED, chunk_bytes=1)
    for name, length in {
        "less": "5",
        "more": "300000",
        "negative": "-1",
        "no number": PLANTED,
        "huge": "9" * 400,
        "two": "5, 6",
    }.items():
        yield Case(f"a content length that is {name}", GOOD, UNREAD, headers=(*JSON, ("content-length", length)))
    yield Case("a length and chunks", GOOD, UNREAD, headers=(*JSON, ("content-length", "5")), chunk_bytes=10)
    yield Case("another transfer encoding", GOOD, UNREAD, headers=(*JSON, ("transfer-encoding", f"{PLANTED}, chunked")))
