"""A uvicorn server as a part of a process: it listens for as long as a context lasts."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE_SECONDS = 8
_IDLE_SECONDS = (
    20  # longer than routers (4) and clients (5) keep a connection: only who writes the next request may close it
)


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp,
    host: str,
    port: int,
    stop: asyncio.Event,
    tls: ssl.SSLContext | None = None,
    drain_seconds: float = 0.0,
) -> AsyncIterator[None]:
    """Answers requests until ``stop`` is set or the context ends; those under way are finished, within eight seconds.

    After ``stop`` it goes on answering for ``drain_seconds``, and has each connection closed by its
    answer. So whoever keeps connections for later requests, as routers do, never writes one to a
    connection that is just being closed here.
    """
    server = _Server(_configuration(_parting(app, stop), host, port, tls), stop, drain_seconds)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = not stop.is_set()  # else it ends by itself, once it is drained
        await serving


class _Server(uvicorn.Server):
    """uvicorn that ends with the process' own stop, not by signal handlers of its own."""

    def __init__(self, config: uvicorn.Config, stop: asyncio.Event, drain_seconds: float) -> None:
        super().__init__(config)
        self._stop = stop
        self._drain_seconds = drain_seconds
        self._stopped_at: float | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._is_drained()

    def _is_drained(self) -> bool:
        if not self._stop.is_set():
            return False
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
        return time.monotonic() - self._stopped_at >= self._drain_seconds


def _parting(app: ASGIApp, stop: asyncio.Event) -> ASGIApp:
    """The application; after ``stop``, each of its answers is the last one on its connection."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_parting(message: Message) -> None:
            if message["type"] == "http.response.start" and stop.is_set():
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await app(scope, receive, send_parting)

    return answer


def _configuration(app: ASGIApp, host: str, port: int, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
        ssl_context_factory=(lambda *_: tls) if tls else None,
    )
