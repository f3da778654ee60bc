"""Migrations that can't be applied: one line says which and why, and the database stays as it was."""

import asyncio
import os
import secrets
import sys

import asyncpg

from tests.backends import Backends
from tilt.embedded.databases import create_database
from tilt.embedded.ports import free_ports


async def unmigrated_environment(backends: Backends, *needed: str) -> dict[str, str]:
    """The environment of inventory with a database that has no table."""
    environment = await backends.environment("postgres", *needed, subgraphs=("inventory",))
    name = f"inventory_{secrets.token_hex(4)}"
    administrator = await asyncpg.connect((await backends.postgres()).url())
    await create_database(administrator, name, owner="inventory")
    await administrator.close()
    return environment | {
        "INVENTORY_DATABASE_URL": environment["INVENTORY_DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    }


async def migrated(environment: dict[str, str], *arguments: str) -> tuple[int | None, str]:
    """The status of `migrate`, and what it complains of."""
    command = (sys.executable, "-m", "subgraphs.inventory", "migrate", *arguments)
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, complaint = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, complaint.decode()


async def test_a_migration_that_fails_is_named_with_what_the_database_said(backends: Backends) -> None:
    environment = await unmigrated_environment(backends)
    connection = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    await connection.execute("CREATE TABLE warehouses (in_the_way int)")
    status, complaint = await migrated(environment)
    said = 'OperationalError: relation "warehouses" already exists'
    assert (status, complaint) == (1, f"inventory: the migration inventory.0001_initial failed: {said}\n")
    applied = await connection.fetch("SELECT app FROM tortoise_migrations")
    assert {row["app"] for row in applied} == {"chassis"}, "those before it stay"
    await connection.execute("DROP TABLE warehouses")
    assert await migrated(environment) == (0, "")
    await connection.close()


async def test_a_migration_that_there_is_not_is_rejected_by_name(backends: Backends) -> None:
    environment = await backends.environment("postgres", subgraphs=("inventory",))
    status, complaint = await migrated(environment, "--to", "inventory.0099_flying_cars")
    assert status == 1
    assert complaint.startswith("inventory: --to: Unknown migration target")
    assert "0099_flying_cars" in complaint
    assert len(complaint.splitlines()) == 1


async def test_a_database_that_is_away_is_named(backends: Backends) -> None:
    (port,) = free_ports(1)
    environment = await backends.environment(subgraphs=())
    environment["INVENTORY_DATABASE_URL"] = f"postgres://inventory:password@127.0.0.1:{port}/inventory"
    status, complaint = await migrated(environment)
    assert status == 1
    assert complaint.startswith(f"inventory: the database inventory at 127.0.0.1:{port} can't be used: ")
    assert len(complaint.splitlines()) == 1


async def test_a_password_that_is_wrong_is_told_without_it(backends: Backends) -> None:
    environment = await backends.environment("postgres", subgraphs=("inventory",))
    right = environment["INVENTORY_DATABASE_URL"]
    environment["INVENTORY_DATABASE_URL"] = f"postgres://inventory:not-this-one@{right.rpartition('@')[2]}"
    status, complaint = await migrated(environment)
    assert status == 1
    assert 'password authentication failed for user "inventory"' in complaint
    assert "not-this-one" not in complaint
    assert len(complaint.splitlines()) == 1
