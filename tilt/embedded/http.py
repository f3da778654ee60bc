"""Health checks over plain HTTP."""

import asyncio
from urllib.parse import urlsplit

from tilt.embedded.errors import MeshError

PATIENCE_SECONDS = 2.0


async def expect_ok(url: str, authorization: str = "") -> None:
    """It answers 200.

    By hand, because this is asked dozens of times while everything competes for the processor: a client library would
    take a quarter of a second to import, and milliseconds for each question.
    """
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        header = f"Authorization: {authorization}\r\n" if authorization else ""
        path = f"{address.path}?{address.query}"
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {address.netloc}\r\n{header}\r\n".encode())
        status = await asyncio.wait_for(reader.readline(), PATIENCE_SECONDS)
    finally:
        writer.close()
    if b" 200 " not in status:
        raise MeshError(f"it answers {status.decode().strip()!r}")


async def post(url: str, body: bytes) -> None:
    """Send JSON and wait until it is answered, whatever the answer is."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        head = f"POST {address.path} HTTP/1.0\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await asyncio.wait_for(reader.readline(), PATIENCE_SECONDS)
    finally:
        writer.close()
