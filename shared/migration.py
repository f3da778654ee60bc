"""A subgraph's tables: Tortoise's configuration of them, and their migrations by Tortoise's own tool."""

from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.cli.cli import run_cli_async
from tortoise.migrations.api import migrate as tortoise_migrate

from shared.db import CONNECTION, MeteredConnection
from shared.subgraph import Subgraph

CHASSIS_APP = "chassis"
_STATEMENT_TIMEOUT_SECONDS = 30
_LOCK = 0x6D696772  # "migr"; two processes that migrate one database at once take turns


def tortoise_config(subgraph: Subgraph) -> dict[str, Any]:
    """Tortoise's configuration of a subgraph: its own tables and those of the chassis, in its one database."""
    settings = subgraph.settings
    connection = expand_db_url(settings.database_url.get_secret_value())
    connection["credentials"] |= {
        "minsize": 1,
        "maxsize": settings.database_pool_size,
        "connection_class": MeteredConnection,
        "application_name": subgraph.name,
        "command_timeout": _STATEMENT_TIMEOUT_SECONDS,
    }
    return {
        "connections": {CONNECTION: connection},
        "apps": {
            CHASSIS_APP: _app("shared.tables", "shared.migrations"),
            subgraph.name: _app(subgraph.tables.__name__, subgraph.migrations),
        },
        "use_tz": True,
        "timezone": "UTC",
    }


def _app(tables: str, migrations: str) -> dict[str, Any]:
    return {"models": [tables], "migrations": migrations, "default_connection": CONNECTION}


TORTOISE_ORM: dict[str, Any] = {}  # what Tortoise's command line reads; set when it is called


async def migrate(subgraph: Subgraph, target: str | None = None) -> None:
    """Applies all migrations, or goes up or down to ``target`` (``<app>.<migration>``)."""
    lock = await asyncpg.connect(subgraph.settings.database_url.get_secret_value())
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await tortoise_migrate(config=tortoise_config(subgraph), target=target)
    finally:
        await Tortoise.close_connections()
        await lock.close()


async def tortoise(subgraph: Subgraph, arguments: list[str]) -> None:
    """Runs Tortoise's own command line on the subgraph's database, as ``makemigrations`` or ``history``."""
    TORTOISE_ORM.update(tortoise_config(subgraph))
    status = await run_cli_async(["--config", f"{__name__}.TORTOISE_ORM", *arguments])
    if status:
        raise SystemExit(status)
