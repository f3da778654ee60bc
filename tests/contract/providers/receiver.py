"""A shop's webhook: notes what it is sent, and refuses as often as it is told to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import orjson

from tests.subgraphs import eventually
from tilt.embedded.ports import LOOPBACK


class Receiver:
    """``came`` are the events in the order of their arrival, the refused ones too; ``signatures`` are their headers."""

    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self.signatures: list[tuple[str, bytes]] = []
        self.rejections = 0
        self.url = ""

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator["Receiver"]:
        """Listens until the end."""
        server = await asyncio.start_server(self._serve, LOOPBACK, 0)
        self.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/webhook"
        try:
            yield self
        finally:
            server.close()

    async def types(self, count: int, of: str) -> list[str]:
        """The types of this payment's events once so many of them came."""

        async def enough() -> list[str] | None:
            found = [event["type"] for event in self.came if event["data"]["object"]["id"] == of]
            return found if len(found) >= count else None

        return await eventually(enough, f"{count} events of {of}")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) for line in head.strip().split("\r\n")[1:])
                body = await reader.readexactly(int(headers["content-length"]))
                self.came.append(orjson.loads(body))
                self.signatures.append((headers["stripe-signature"], body))
                self.rejections, refuses = max(0, self.rejections - 1), self.rejections > 0
                status = "500 -" if refuses else "200 OK"
                writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
