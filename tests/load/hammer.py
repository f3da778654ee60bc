"""A client that costs little, so that the server is what is measured:
raw HTTP/1.1 over kept connections, in a process of its own.

``python -m tests.load.hammer HOST PORT FILE CONCURRENCY SECONDS``: FILE holds requests as a JSON array of strings;
each connection sends the next one as soon as it has its answer. Prints what happened as JSON.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import uvloop

_LENGTH = b"content-length: "
_HEAD_END = b"\r\n\r\n"


class Tally:
    """What all connections together have seen."""

    def __init__(self, requests: list[bytes]) -> None:
        self.next_request: Iterator[bytes] = itertools.cycle(requests)
        self.running = True
        self.failures = 0
        self.bytes_read = 0
        self.latencies: list[float] = []

    def answered(self, started: float, answer: bytes) -> None:
        """Counts one answer."""
        self.latencies.append(time.perf_counter() - started)
        self.bytes_read += len(answer)
        if not answer.startswith(b"HTTP/1.1 200") or b'"errors"' in answer:
            self.failures += 1


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own class is no subclass of it
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(_HEAD_END)
        if head < 0:
            return
        size = head + len(_HEAD_END) + _content_length(self._buffer[:head])
        if len(self._buffer) >= size:
            self._tally.answered(self._started, self._buffer)
            self._buffer = b""
            self._send()

    def _send(self) -> None:
        if self._transport is not None and self._tally.running:
            self._started = time.perf_counter()
            self._transport.write(next(self._tally.next_request))


def _content_length(head: bytes) -> int:
    start = head.lower().index(_LENGTH) + len(_LENGTH)
    return int(head[start:].partition(b"\r\n")[0])


async def hammer(host: str, port: int, requests: list[bytes], concurrency: int, seconds: float) -> dict[str, Any]:
    """Keeps that many connections busy for so long."""
    tally = Tally(requests)
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    transports = [(await loop.create_connection(lambda: Connection(tally), host, port))[0] for _ in range(concurrency)]
    await asyncio.sleep(seconds)
    tally.running = False
    elapsed = time.perf_counter() - started
    for transport in transports:
        transport.abort()
    return _summary(tally, elapsed)


def _summary(tally: Tally, elapsed: float) -> dict[str, Any]:
    ordered = sorted(tally.latencies) or [0.0]
    return {
        "rps": len(tally.latencies) / elapsed,
        "failures": tally.failures,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p95_ms": 1000 * ordered[len(ordered) * 95 // 100],
        "bytes": tally.bytes_read // max(1, len(tally.latencies)),
    }


def main() -> None:
    """Reads the command line and prints the summary."""
    host, port, file, concurrency, seconds = sys.argv[1:]
    requests = [text.encode() for text in json.loads(Path(file).read_text())]
    print(json.dumps(uvloop.run(hammer(host, int(port), requests, int(concurrency), float(seconds)))))


if __name__ == "__main__":
    main()
