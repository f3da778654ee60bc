"""A subgraph's tables: Tortoise's configuration of them, and their migrations by Tortoise's own tool."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.cli.cli import run_cli_async
from tortoise.exceptions import BaseORMException
from tortoise.migrations.api import migrate as tortoise_migrate

from shared.errors import BadUserInput, ServiceError
from shared.persistence import db
from shared.persistence.db import CONNECTION, MeteredConnection
from shared.runtime.outages import OUTAGES, in_one_line
from shared.runtime.subgraph import Subgraph
from shared.security.secrets import Secret

CHASSIS_APP = "chassis"


class MissingMigrationError(Exception):
    """The database is not yet what the code needs; its text says how to make it so."""


NOT_YET = (*OUTAGES, MissingMigrationError, asyncpg.PostgresError)  # before the first, there is no table of migrations


class MigrationError(ServiceError):
    """A migration could not be applied; its text names it and says what the database said."""


_IN_URL = ("host", "port", "user", "password", "database")
_STATEMENT_TIMEOUT_SECONDS = 30
_LOCK = 0x6D696772  # "migr"; two processes that migrate one database at once take turns


def tortoise_config(subgraph: Subgraph) -> dict[str, Any]:
    """Tortoise's configuration of a subgraph: its own tables and those of the chassis, in its one database."""
    settings = subgraph.settings
    connection = expand_db_url(settings.database_url.current())
    connection["credentials"] |= {
        "connect": lambda *_, **options: _connect(settings.database_url, options),
        "minsize": 1,
        "maxsize": settings.database_pool_size,
        "connection_class": MeteredConnection,
        "application_name": subgraph.name,
        "command_timeout": _STATEMENT_TIMEOUT_SECONDS,
    }
    return {
        "connections": {CONNECTION: connection},
        "apps": {
            CHASSIS_APP: _app("shared.persistence.tables", "shared.persistence.migrations"),
            subgraph.name: _app(subgraph.tables.__name__, subgraph.migrations),
        },
        "use_tz": True,
        "timezone": "UTC",
    }


async def _connect(url: Secret, options: dict[str, Any]) -> asyncpg.Connection:
    """The pool's new connections: where and as whom, the URL says that is now."""
    return await db.connect(url, **{name: value for name, value in options.items() if name not in _IN_URL})


def _app(tables: str, migrations: str) -> dict[str, Any]:
    return {"models": [tables], "migrations": migrations, "default_connection": CONNECTION}


TORTOISE_ORM: dict[str, Any] = {}  # what Tortoise's command line reads; set when it is called


async def migrate(subgraph: Subgraph, target: str | None = None) -> None:
    """Applies all migrations, or goes up or down to ``target`` (``<app>.<migration>``).

    Raises:
        MigrationError: when one can't be applied; what it did itself is undone, those before it stay.
        BadUserInput: when there is no such target.
        ConnectionError: when the database can't be used.
    """
    begun = _Begun()
    async with db.own_connection(subgraph.settings.database_url, "migrate") as lock:
        await lock.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            await tortoise_migrate(config=tortoise_config(subgraph), target=target, progress=begun)
        except (BaseORMException, asyncpg.PostgresError) as error:
            raise MigrationError(f"{begun.name} failed: {in_one_line(error)}") from error
        except ValueError as error:
            raise BadUserInput(f"--to: {error}") from error
        finally:
            await Tortoise.close_connections()


class _Begun:
    """Remembers which migration was begun last."""

    name = "the migration"

    def __call__(self, event: str, app: str, migration: str) -> None:
        self.name = f"the migration {app}.{migration}"


async def require_migrations(subgraph: Subgraph) -> None:
    """Returns when the database has every migration that this code knows; one of a later version does no harm.

    Raises:
        MissingMigrationError: naming the first that is missing.
        asyncpg.PostgresError, OSError: when the database can't be asked.
    """
    applied = {(row["app"], row["name"]) for row in await db.fetch("SELECT app, name FROM tortoise_migrations")}
    missing = [
        f"{app}.{name}"
        for app, name in _known_migrations(subgraph.name, subgraph.migrations)
        if (app, name) not in applied
    ]
    if missing:
        raise MissingMigrationError(
            f"{missing[0]} is not applied yet: run `python -m subgraphs.{subgraph.name} migrate`"
        )


@cache
def _known_migrations(name: str, package: str) -> tuple[tuple[str, str], ...]:
    packages = {CHASSIS_APP: "shared.persistence.migrations", name: package}
    return tuple(
        (app, module.name)
        for app, folder in packages.items()
        for module in pkgutil.iter_modules(importlib.import_module(folder).__path__)
    )


async def tortoise(subgraph: Subgraph, arguments: list[str]) -> None:
    """Runs Tortoise's own command line on the subgraph's database, as ``makemigrations`` or ``history``."""
    TORTOISE_ORM.update(tortoise_config(subgraph))
    status = await run_cli_async(["--config", f"{__name__}.TORTOISE_ORM", *arguments])
    if status:
        raise SystemExit(status)
