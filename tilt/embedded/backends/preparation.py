"""What must be in servers before subgraphs start: a database and a role each in Postgres, the topics in Kafka."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, unquote, urlsplit

import asyncpg
from aiokafka.errors import KafkaConnectionError

from tilt.embedded.backends.kafka import create_topics
from tilt.embedded.databases import ensure_databases
from tilt.embedded.errors import MeshError
from tilt.embedded.secret_files import find_secret, secret
from tilt.embedded.subgraphs import SUBGRAPHS
from tilt.embedded.topics import all_topics

RETRY_SECONDS = 0.5
AWAY = (OSError, asyncpg.CannotConnectNowError, KafkaConnectionError)


@dataclass(frozen=True)
class Database:
    """What a subgraph's database URL says: its server, and the name and password of its role."""

    server: str
    name: str
    password: str


async def prepare_databases() -> None:
    """Make the role and the database of each subgraph whose URL is given, as POSTGRES_PASSWORD allows.

    Raises:
        MeshError: naming the variable that is missing or wrong.
    """
    password = quote(secret("POSTGRES_PASSWORD"), safe="")
    wanted = [
        read_url(f"{name.upper()}_DATABASE_URL", url)
        for name in SUBGRAPHS
        if (url := find_secret(f"{name.upper()}_DATABASE_URL"))
    ]
    if not wanted:
        raise MeshError("No database is wanted: SECRETS_DIR holds no file such as ORDERS_DATABASE_URL.")
    for server in sorted({database.server for database in wanted}):
        passwords = {database.name: database.password for database in wanted if database.server == server}
        await once_there(server, partial(make, server, password, passwords))
        print(f"{', '.join(passwords)}: role and database are in {server}", flush=True)


async def make(server: str, password: str, passwords: dict[str, str]) -> None:
    """Log in as the superuser and make what is missing."""
    try:
        await ensure_databases(f"postgres://postgres:{password}@{server}/postgres", passwords)
    except asyncpg.InvalidPasswordError as error:
        raise MeshError(f"POSTGRES_PASSWORD is not the one of {server}: {error}.") from error


def read_url(variable: str, url: str) -> Database:
    """Where its role and database must be the same name, since a role opens its own database alone."""
    parts = urlsplit(url)
    name = unquote(parts.username or "")
    if not (parts.hostname and name and parts.password and parts.path == f"/{name}"):
        raise MeshError(f"{variable} must look like postgres://NAME:PASSWORD@SERVER:PORT/NAME.")
    return Database(f"{parts.hostname}:{parts.port or 5432}", name, unquote(parts.password))


async def prepare_topics() -> None:
    """Make the topics that contracts declare, and those for dead letters.

    Raises:
        MeshError: when KAFKA_BOOTSTRAP_SERVERS is missing, or Kafka refuses a topic.
    """
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if not servers:
        raise MeshError("KAFKA_BOOTSTRAP_SERVERS is missing: set it, for example to kafka:9092.")
    topics = all_topics()
    await once_there(servers, partial(create_topics, servers, topics))
    print(f"{len(topics)} topics are in {servers}", flush=True)


async def once_there(server: str, action: Callable[[], Awaitable[None]]) -> None:
    """Act, again and again while nobody answers; that is said once."""
    said = False
    while True:
        try:
            return await action()
        except AWAY as error:
            if not said:
                print(f"{server} is not there yet ({type(error).__name__}: {error}); trying again", flush=True)
            said = True
        await asyncio.sleep(RETRY_SECONDS)
