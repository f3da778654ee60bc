"""The life of a subgraph's process: start, serve, work, and a stop that finishes what is in flight."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from shared import db
from shared.app import operations_app, serving_app
from shared.auth import TokenVerifier
from shared.events.consumer import Consumer
from shared.events.handlers import Inbox
from shared.events.relay import Relay
from shared.graphql.federation import build_schema
from shared.health import Health
from shared.migration import tortoise_config
from shared.rpc.server import rpc_server
from shared.subgraph import Subgraph
from shared.sweeper import sweep
from shared.workers import Worker, run_workers

logger = logging.getLogger(__name__)

_GRACE_SECONDS = 8


async def serve(subgraph: Subgraph) -> None:
    """Answers GraphQL, gRPC and the subgraph's own routes until SIGTERM or SIGINT."""
    health, verifier = _health(), _verifier(subgraph)
    async with opened(subgraph), _rpc(subgraph):
        app = _serving_app(subgraph, health, verifier)
        await _until_stopped(subgraph, app, health, _serving_workers(verifier))


async def work(subgraph: Subgraph) -> None:
    """Relays and consumes events and runs background work until SIGTERM or SIGINT."""
    health = _health()
    async with opened(subgraph):
        await _until_stopped(subgraph, operations_app(health), health, _workers(subgraph))


async def run(subgraph: Subgraph) -> None:
    """Serves and works in one process."""
    health, verifier = _health(), _verifier(subgraph)
    async with opened(subgraph), _rpc(subgraph):
        app = _serving_app(subgraph, health, verifier)
        await _until_stopped(subgraph, app, health, (*_serving_workers(verifier), *_workers(subgraph)))


async def _until_stopped(subgraph: Subgraph, app: ASGIApp, health: Health, workers: tuple[Worker, ...]) -> None:
    stop = asyncio.Event()
    server = _Server(_listener(subgraph, app))
    with _on_signal(lambda: _begin_stop(health, server, stop)):
        background = asyncio.create_task(run_workers(workers, stop))
        gc.freeze()  # schema, code and settings live as long as the process: no collection need walk them again
        try:
            await server.serve()
        finally:
            _begin_stop(health, server, stop)
            await background
    logger.info("stopped")


def _begin_stop(health: Health, server: uvicorn.Server, stop: asyncio.Event) -> None:
    health.stopping = True
    server.should_exit = True
    stop.set()


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: ours stop the workers too."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def _on_signal(begin_stop: Callable[[], None]) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, begin_stop)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _listener(subgraph: Subgraph, app: ASGIApp) -> uvicorn.Config:
    settings = subgraph.settings
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


def _serving_app(subgraph: Subgraph, health: Health, verifier: TokenVerifier) -> ASGIApp:
    schema = build_schema(subgraph.sdl, subgraph.bindables, subgraph.entities)
    return serving_app(schema, verifier, subgraph.settings.router_secret.get_secret_value(), health, subgraph.routes)


def _verifier(subgraph: Subgraph) -> TokenVerifier:
    settings = subgraph.settings
    return TokenVerifier(settings.jwks_url, settings.token_issuer, settings.token_audience)


def _serving_workers(verifier: TokenVerifier) -> tuple[Worker, ...]:
    return (Worker("token-keys", verifier.learn_keys),)


def _health() -> Health:
    return Health({"database": lambda: db.fetch_value("SELECT 1")})


def _workers(subgraph: Subgraph) -> tuple[Worker, ...]:
    settings = subgraph.settings
    relay = Relay(settings.database_url.get_secret_value(), settings.kafka_bootstrap_servers)
    chassis = [Worker("relay", relay.run), Worker("sweeper", sweep)]
    if subgraph.handlers:
        consumer = Consumer(subgraph.name, settings.kafka_bootstrap_servers, Inbox(subgraph.handlers))
        chassis.append(Worker("consumer", consumer.run))
    return (*chassis, *subgraph.workers)


@contextlib.asynccontextmanager
async def opened(subgraph: Subgraph) -> AsyncIterator[None]:
    """The subgraph's database and resources, for as long as the context lasts."""
    async with db.connected(tortoise_config(subgraph)), contextlib.AsyncExitStack() as stack:
        for resource in subgraph.resources:
            await stack.enter_async_context(resource)
        yield


@contextlib.asynccontextmanager
async def _rpc(subgraph: Subgraph) -> AsyncIterator[None]:
    if not subgraph.rpc_services:
        yield
        return
    settings = subgraph.settings
    server = rpc_server(f"{settings.host}:{settings.grpc_port}", settings.rpc_secret.get_secret_value(), subgraph.rpc_services)
    await server.start()
    try:
        yield
    finally:
        await server.stop(_GRACE_SECONDS)
