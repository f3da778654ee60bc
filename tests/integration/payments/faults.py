"""A proxy in front of localstripe that breaks the connection, answers with errors or says nothing,
when it is told to.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import StrEnum

import httpx

_HEAD_END = b"\r\n\r\n"
_FORWARDED = ("authorization", "content-type", "idempotency-key")


class Fault(StrEnum):
    """What goes wrong with one request."""

    REFUSED_BEFORE = "the connection breaks before the provider has the request"
    DROPPED_BEHIND = "the connection breaks after the provider has done the work"
    ERROR_BEFORE = "500, and the provider has done nothing"
    ERROR_BEHIND = "500, and the provider has done the work"
    SILENCE = "no answer at all, and the provider has done nothing"
    REFUSED = "400, as when the provider's payment is in another state"
    DECLINED = "402, as when the bank says no"


OUTAGES = (Fault.REFUSED_BEFORE, Fault.DROPPED_BEHIND, Fault.ERROR_BEFORE, Fault.ERROR_BEHIND, Fault.SILENCE)

_ANSWERS = {
    Fault.ERROR_BEFORE: (500, b'{"error": {"message": "before"}}'),
    Fault.ERROR_BEHIND: (500, b'{"error": {"message": "behind"}}'),
    Fault.REFUSED: (400, b'{"error": {"code": "payment_intent_unexpected_state", "message": "refused"}}'),
    Fault.DECLINED: (
        402,
        b'{"error": {"code": "card_declined", "decline_code": "expired_card", "message": "Your card expired."}}',
    ),
}


class FaultyProvider:
    """Forwards requests; the next one whose path ends with a given text meets a fault, once."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._faults: dict[str, Fault] = {}
        self._http = httpx.AsyncClient(timeout=30)
        self._connections: set[asyncio.Task[None]] = set()
        self.met = asyncio.Event()
        self.url = ""

    def break_next(self, path_end: str, fault: Fault) -> None:
        """Arms a fault."""
        self._faults[path_end] = fault
        self.met.clear()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["FaultyProvider"]:
        """Listens until the end."""
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for connection in self._connections:
                connection.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._http.aclose()

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError), contextlib.closing(writer):
            while True:
                answer = await self._answer(await _read_request(reader))
                if answer is None:
                    return
                writer.write(answer)
                await writer.drain()

    async def _answer(self, request: httpx.Request) -> bytes | None:
        fault = self._fault_of(request.url.path)
        if fault is Fault.SILENCE:
            self.met.set()
            await asyncio.Event().wait()
        if fault in (None, Fault.DROPPED_BEHIND, Fault.ERROR_BEHIND):
            answer = await self._forward(request)
            if fault is None:
                return answer
        self.met.set()
        return _response(*_ANSWERS[fault]) if fault in _ANSWERS else None

    async def _forward(self, request: httpx.Request) -> bytes:
        url = self._target + request.url.raw_path.decode()
        answer = await self._http.request(request.method, url, content=request.content, headers=request.headers)
        return _response(answer.status_code, answer.content)

    def _fault_of(self, path: str) -> Fault | None:
        for path_end in self._faults:
            if path.endswith(path_end):
                return self._faults.pop(path_end)
        return None


async def _read_request(reader: asyncio.StreamReader) -> httpx.Request:
    head = (await reader.readuntil(_HEAD_END)).decode()
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    lower = {name.lower(): value for name, value in headers.items()}
    body = await reader.readexactly(int(lower.get("content-length", "0")))
    forwarded: dict[str, str] = {name: lower[name] for name in _FORWARDED if name in lower}
    return httpx.Request(method, f"http://proxy{path}", headers=forwarded, content=body)


def _response(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body
