"""The life of a subgraph's process: start, serve, work, and a stop that finishes what is in flight."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial

import grpc
from graphql import GraphQLSchema
from starlette.types import ASGIApp

from shared.events.connection import watch_kafka
from shared.events.consumer import Consumer
from shared.events.handlers import Inbox
from shared.events.relay import Relay
from shared.persistence import db
from shared.persistence.migration import require_migrations, tortoise_config
from shared.persistence.sweeper import sweep
from shared.rpc.server import rpc_server
from shared.runtime.app import open_app, operations_app, serving_app
from shared.runtime.health import Health
from shared.runtime.listening import GRACE_SECONDS, listening
from shared.runtime.starting import opened_when_there, succeeds
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker, run_workers
from shared.security.auth import TokenVerifier
from shared.security.revocations import Revocations, RevokedSessions

logger = logging.getLogger(__name__)

Part = Callable[[Subgraph, Health, asyncio.Event], AbstractAsyncContextManager[None]]


async def serve(subgraph: Subgraph) -> None:
    """Answers GraphQL, gRPC and the subgraph's own routes until SIGTERM or SIGINT.

    Raises:
        ContractError: before anything is opened, when its contract says something that would not be done.
    """
    await _live(subgraph, (partial(_answering, subgraph.schema()),))


async def work(subgraph: Subgraph) -> None:
    """Relays and consumes events and runs background work until SIGTERM or SIGINT."""
    await _live(subgraph, (_operating, _working))


async def run(subgraph: Subgraph) -> None:
    """Serves and works in one process.

    Raises:
        ContractError: as of ``serve``.
    """
    await _live(subgraph, (partial(_answering, subgraph.schema()), _working))


async def _live(subgraph: Subgraph, parts: tuple[Part, ...]) -> None:
    health, stop = Health(), asyncio.Event()
    health.checks |= {"database": partial(require_migrations, subgraph), "room": db.require_room}
    with _on_signal(partial(_begin_stop, health, stop)):
        async with (
            _certificates(subgraph, health, stop),
            _open_listener(subgraph, health),
            opened_when_there(partial(opened, subgraph), health, stop) as is_open,
            AsyncExitStack() as stack,
        ):
            for part in parts if is_open else ():
                await stack.enter_async_context(part(subgraph, health, stop))
            health.waiting_for = ""
            gc.freeze()  # schema, code and settings live as long as the process: no collection need walk them again
            await stop.wait()
    logger.info("stopped")


def _begin_stop(health: Health, stop: asyncio.Event) -> None:
    health.stopping = True
    stop.set()


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


@contextlib.asynccontextmanager
async def _certificates(subgraph: Subgraph, health: Health, stop: asyncio.Event) -> AsyncIterator[None]:
    """Follows the files of ``TLS_DIR``, if the process has any."""
    tls = subgraph.settings.tls
    if tls is None:
        yield
        return
    health.checks["certificate"] = tls.require_valid
    async with _background(partial(run_workers, (Worker("certificates", tls.watch),), stop), stop):
        yield


@contextlib.asynccontextmanager
async def _open_listener(subgraph: Subgraph, health: Health) -> AsyncIterator[None]:
    """The open port, if there is one: it answers from the first moment to the last."""
    settings = subgraph.settings
    if settings.open_port is None:
        yield
        return
    async with listening(open_app(health, subgraph.routes), settings.host, settings.open_port, asyncio.Event()):
        yield


@contextlib.asynccontextmanager
async def _operating(subgraph: Subgraph, health: Health, stop: asyncio.Event) -> AsyncIterator[None]:
    """Health and metrics of a process that only works, where no open port answers for them."""
    settings = subgraph.settings
    if settings.open_port is not None:
        yield
        return
    async with listening(operations_app(health), settings.host, settings.port, stop):
        yield


@contextlib.asynccontextmanager
async def _answering(
    schema: GraphQLSchema, subgraph: Subgraph, health: Health, stop: asyncio.Event
) -> AsyncIterator[None]:
    settings = subgraph.settings
    revocations = Revocations(RevokedSessions(settings.redis_url))
    issued = settings.jwks_url, settings.token_issuer, settings.token_audience
    verifier = TokenVerifier(*issued, settings.tls, revocations)
    app = _serving_app(subgraph, schema, health, verifier)
    followers = Worker("token-keys", verifier.learn_keys), Worker("revoked-sessions", revocations.follow)
    tls = settings.tls.server_context() if settings.tls else None
    listener = listening(app, settings.host, settings.port, stop, tls, settings.drain_seconds, settings.version_port)
    async with _rpc(subgraph, stop), listener, _background(partial(run_workers, followers, stop), stop):
        yield


@contextlib.asynccontextmanager
async def _working(subgraph: Subgraph, health: Health, stop: asyncio.Event) -> AsyncIterator[None]:
    async with _background(partial(_work_when_migrated, subgraph, _workers(subgraph, health), stop), stop):
        yield


async def _work_when_migrated(subgraph: Subgraph, workers: tuple[Worker, ...], stop: asyncio.Event) -> None:
    """Before, workers of this code would fail, and make dead letters of good events."""
    if await succeeds("not working yet", partial(require_migrations, subgraph), stop):
        await run_workers(workers, stop)


@contextlib.asynccontextmanager
async def _background(work: Callable[[], Coroutine[None, None, None]], stop: asyncio.Event) -> AsyncIterator[None]:
    running = asyncio.create_task(work())
    try:
        yield
    finally:
        stop.set()
        await running


def _serving_app(subgraph: Subgraph, schema: GraphQLSchema, health: Health, verifier: TokenVerifier) -> ASGIApp:
    """What answers on the subgraph's port; health and metrics are here only where they have no port of their own."""
    operations = None if subgraph.settings.open_port else health
    return serving_app(schema, verifier, subgraph.settings.router_secret, operations, subgraph.routes)


def _workers(subgraph: Subgraph, health: Health) -> tuple[Worker, ...]:
    settings = subgraph.settings
    relay = Relay(settings.database_url, settings.kafka_bootstrap_servers, settings.event_max_bytes)
    watch = partial(watch_kafka, relay.require_connected)
    chassis = [Worker("relay", relay.run), Worker("sweeper", sweep), Worker("kafka", watch)]
    health.checks["relay"] = relay.require_connected
    if subgraph.handlers:
        consumer = Consumer(subgraph.name, settings.kafka_bootstrap_servers, Inbox(subgraph.handlers))
        chassis.append(Worker("consumer", consumer.run))
        health.checks["consumer"] = consumer.require_connected
    return (*chassis, *subgraph.workers)


@contextlib.asynccontextmanager
async def opened(subgraph: Subgraph) -> AsyncIterator[None]:
    """The subgraph's database and resources, for as long as the context lasts."""
    async with db.connected(tortoise_config(subgraph)), contextlib.AsyncExitStack() as stack:
        for resource in subgraph.resources:
            await stack.enter_async_context(resource)
        yield


@contextlib.asynccontextmanager
async def _rpc(subgraph: Subgraph, stop: asyncio.Event) -> AsyncIterator[None]:
    if not subgraph.rpc_services:
        yield
        return
    settings = subgraph.settings
    address = f"{settings.host}:{settings.grpc_port}"
    reuse_port = settings.version_port is not None
    server = rpc_server(address, settings.rpc_secret, subgraph.rpc_services, settings.tls, reuse_port)
    await server.start()
    leaving = asyncio.create_task(_stopped(server, stop)) if reuse_port else None
    try:
        yield
    finally:
        await server.stop(GRACE_SECONDS)
        if leaving is not None:
            leaving.cancel()


async def _stopped(server: grpc.aio.Server, stop: asyncio.Event) -> None:
    """Where another version has its address too, calls are that one's as soon as this one is to stop."""
    await stop.wait()
    await server.stop(GRACE_SECONDS)
