"""Servers that the settings point to, in place of embedded ones: they must answer before the mesh starts on them."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from tilt.embedded.backends.kafka import admin_client
from tilt.embedded.errors import MeshError
from tilt.embedded.settings import Settings

PATIENCE_SECONDS = 15.0

Check = Callable[[], Coroutine[Any, Any, None]]


def wait_for_external(settings: Settings, environment: Mapping[str, str]) -> list[tuple[str, Check]]:
    """A name and a wait for each address that was given."""
    checks: dict[str, Check] = {}
    for name, subgraph in settings.subgraphs.items():
        if subgraph.database_url:
            checks[f"{name.upper()}_DATABASE_URL"] = partial(check_database, subgraph.database_url)
    if settings.kafka_bootstrap_servers:
        checks["KAFKA_BOOTSTRAP_SERVERS"] = partial(check_kafka, settings.kafka_bootstrap_servers)
    if settings.redis_url:
        checks["REDIS_URL"] = partial(check_redis, settings.redis_url)
    if settings.stripe_api_base:
        checks["STRIPE_API_BASE"] = partial(check_http, settings.stripe_api_base)
    if settings.smtp_url:
        checks["SMTP_URL"] = partial(check_port, settings.smtp_url)
    return [(variable, partial(insist, variable, check)) for variable, check in checks.items()]


async def insist(variable: str, check: Check) -> None:
    """Try until it answers, or give up with one line."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return await check()
        except Exception as error:
            if time.monotonic() > deadline:
                raise MeshError(f"{variable} is set, but its server does not answer: {error!r}") from error
        await asyncio.sleep(0.2)


async def check_database(url: str) -> None:
    connection = await asyncpg.connect(url, timeout=2)
    await connection.close()


async def check_kafka(bootstrap_servers: str) -> None:
    async with admin_client(bootstrap_servers) as admin:
        await admin.list_topics()


async def check_redis(url: str) -> None:
    # Imported here, as below: a third of a second, and most meshes run their own.
    from redis.asyncio import Redis

    async with Redis.from_url(url, socket_timeout=2) as client:
        await client.ping()


async def check_http(url: str) -> None:
    """Any answer will do: without a key Stripe's is 401."""
    import httpx

    async with httpx.AsyncClient(timeout=2) as client:
        await client.get(url)


async def check_port(url: str) -> None:
    address = urlsplit(url)
    _, writer = await asyncio.wait_for(asyncio.open_connection(address.hostname, address.port or 25), 2)
    writer.close()
