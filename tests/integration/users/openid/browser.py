"""Where a browser comes back to: a client's own address, that writes down what it is asked with."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlsplit

from tilt.embedded.ports import LOOPBACK

_PATIENCE_SECONDS = 60


class Back:
    """A listener on a port of its own."""

    def __init__(self) -> None:
        self.url = ""
        self._answers: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def answer(self) -> dict[str, str]:
        """The parameters that the browser came back with."""
        return await asyncio.wait_for(self._answers.get(), _PATIENCE_SECONDS)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request."""
        target = (await reader.readline()).decode().split(" ")[1]
        if urlsplit(target).path == "/back":
            self._answers.put_nowait(dict(parse_qsl(urlsplit(target).query)))
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 7\r\nconnection: close\r\n\r\nwelcome"
        )
        await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def listening() -> AsyncIterator[Back]:
    """Listens until the end of the block."""
    back = Back()
    server = await asyncio.start_server(back.serve, LOOPBACK, 0)
    back.url = f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}/back"
    async with server:
        yield back
