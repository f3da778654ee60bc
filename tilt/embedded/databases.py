"""A database and a role per subgraph: each role owns its database and can connect to no other."""

from collections.abc import Mapping

import asyncpg

# Databases that come with a cluster; by default every role may connect to them.
BUILT_IN = ("postgres", "template1")


async def ensure_databases(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create what is missing of role and database for each name, and set the role's password."""
    connection = await asyncpg.connect(admin_url)
    try:
        for database in BUILT_IN:
            await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")
        for name, password in passwords.items():
            await ensure_role(connection, name, password)
            await create_database(connection, name, owner=name)
    finally:
        await connection.close()


async def ensure_role(connection: asyncpg.Connection, name: str, password: str) -> None:
    """Create a role that can log in and nothing else."""
    if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        await connection.execute(f'CREATE ROLE "{name}" LOGIN')
    # Utility statements take no parameters: Postgres itself quotes the password.
    quoted = await connection.fetchval("SELECT quote_literal($1::text)", password)
    await connection.execute(f'ALTER ROLE "{name}" PASSWORD {quoted}')


async def create_database(connection: asyncpg.Connection, name: str, owner: str, template: str | None = None) -> None:
    """Create a database, unless it is there, that only its owner can open."""
    if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        return
    # A copy of files is several times faster than what Postgres does by itself, which is to log each of their pages.
    source = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner}"{source}')
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
