"""A uvicorn server as a part of a process: it listens for as long as a context lasts."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE_SECONDS = 8
_HANDING_OVER_SECONDS = 5.0  # longer than the router keeps a connection: it writes to none that is closed here
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
    version_port: int | None = None,
) -> AsyncIterator[None]:
    """Answers requests until ``stop`` is set or the context ends; those under way are finished, within eight seconds.

    After ``stop`` it goes on answering for ``drain_seconds``, and has each connection closed by its
    answer. So whoever keeps connections for later requests, as routers do, never writes one to a
    connection that is just being closed here.

    With a ``version_port`` it answers there too, and other versions of this process may have its ``port`` as well:
    they get all new connections as soon as it stops.
    """
    configuration = _configuration(_parting(app, stop), host, port, tls)
    sockets = None
    server = _Server(configuration, stop, drain_seconds)
    if version_port is not None:
        sockets = _sockets(host, port, version_port)
        server = _Predecessor(configuration, stop, max(drain_seconds, _HANDING_OVER_SECONDS), sockets[0])
    serving = asyncio.create_task(server.serve(sockets))
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


class _Predecessor(_Server):
    """One whose port other versions have too: after the stop, new connections are theirs at once.

    Those that are there are answered until their callers have left.
    """

    def __init__(
        self, config: uvicorn.Config, stop: asyncio.Event, drain_seconds: float, shared: socket.socket
    ) -> None:
        super().__init__(config, stop, drain_seconds)
        self._shared = shared
        self._has_port = True

    async def on_tick(self, counter: int) -> bool:
        if self._has_port and self._stop.is_set():
            self._has_port = False
            await self._leave_port()
            return await super().on_tick(counter)
        return await super().on_tick(counter) or not (self._has_port or self.server_state.connections)

    async def _leave_port(self) -> None:
        """Connections that wait here to be accepted would be reset, and no other version would hear of them."""
        waiting = list(_accepted(self._shared))
        for listener in self.servers:
            listener.close()
        for connection in waiting:
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        http: Callable[..., asyncio.Protocol] = self.config.http_protocol_class
        return http(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)


def _accepted(listener: socket.socket) -> Iterator[socket.socket]:
    with contextlib.suppress(BlockingIOError):
        while True:
            yield listener.accept()[0]


def _sockets(host: str, port: int, version_port: int) -> list[socket.socket]:
    """One that other versions may have too, and one of this alone; uvicorn would take its port for itself."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    shared = socket.create_server((host, port), family=family, reuse_port=True)
    return [shared, socket.create_server((host, version_port), family=family)]


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
