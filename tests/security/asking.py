"""Sends a case as bytes over a connection of its own: no client library would."""

import asyncio
import contextlib
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

from tests.security.hostile.case import NONCE, Case

DEADLINE_SECONDS = 20.0
_MOST_ANSWERED = 64 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What came back: status 0 where the connection was closed without a word, and None where nothing came in time."""

    status: int | None
    content_type: str = ""
    body: bytes = b""

    def codes(self) -> list[str]:
        """The codes of its errors, "" where there is none; "UNREAD" for what is no GraphQL answer.

        "SKEW" for what a subgraph takes for another version's: nobody but the router gets so far with it.
        """
        try:
            answer: Any = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return ["UNREAD"]
        if not isinstance(answer, dict) or not ("data" in answer or "errors" in answer):
            return ["UNREAD"]
        errors = answer.get("errors") or []
        return [_code(error) for error in errors] or [""]


def _code(error: dict[str, Any]) -> str:
    if "is being updated" in str(error.get("message")):
        return "SKEW"
    return str(error.get("extensions", {}).get("code", "no code"))


async def ask(address: str, case: Case, headers: dict[str, str]) -> Answer:
    """The answer to a case, with these headers too."""
    parts = urlsplit(address)
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await _exchange(str(parts.hostname), int(parts.port or 80), written(case, headers))
    except TimeoutError:
        return Answer(None)


async def _exchange(host: str, port: int, request: bytes) -> Answer:
    reader, writer = await asyncio.open_connection(host, port)
    sending = asyncio.create_task(_send(writer, request))
    try:
        return _read(await _received(reader))
    finally:
        sending.cancel()
        writer.transport.abort()


async def _send(writer: asyncio.StreamWriter, request: bytes) -> None:
    """Whoever is answered before all was sent may be cut off."""
    with contextlib.suppress(ConnectionError):
        writer.write(request)
        await writer.drain()


async def _received(reader: asyncio.StreamReader) -> bytes:
    parts = bytearray()
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(1 << 18):
            parts += part
            if len(parts) > _MOST_ANSWERED:
                break
    return bytes(parts)


def written(case: Case, headers: dict[str, str]) -> bytes:
    """The request as it goes over the wire, with a nonce that was never sent before."""
    nonce = secrets.token_hex(len(NONCE) // 2).encode()
    own = {"host": "127.0.0.1", "connection": "close", **headers}
    given = {name.lower() for name, _ in case.headers}
    lines = [f"{name}: {value}" for name, value in (*((n, v) for n, v in own.items() if n not in given), *case.headers)]
    if case.chunk_bytes:
        lines.append("transfer-encoding: chunked")
    elif "content-length" not in given:
        lines.append(f"content-length: {len(case.body)}")
    head = "\r\n".join([f"{case.method} {case.path} HTTP/1.1", *lines, "", ""]).encode("utf-8", "surrogatepass")
    return (head + b"".join(_chunks(case))).replace(NONCE, nonce)


def _chunks(case: Case) -> Iterator[bytes]:
    if not case.chunk_bytes:
        yield case.body
        return
    for start in range(0, len(case.body), case.chunk_bytes):
        part = case.body[start : start + case.chunk_bytes]
        yield b"%x\r\n%s\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


class _Bytes:
    """What http.client reads an answer from."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def makefile(self, *_: object) -> io.BytesIO:
        return io.BytesIO(self._content)


def _read(content: bytes) -> Answer:
    if not content:
        return Answer(0)
    response = HTTPResponse(cast(Any, _Bytes(content)))
    try:
        response.begin()
        return Answer(response.status, response.headers.get("content-type", ""), response.read())
    except (HTTPException, ValueError):
        return Answer(0)
