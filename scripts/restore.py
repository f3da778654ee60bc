"""Fills the databases of a shop from a backup. The shop must be stopped: no subgraph may be connected.

    python3 scripts/restore.py FOLDER [--namespace mercato] [--replace] [--resend-hours 24]

Everything is checked before anything is changed; each database is filled wholly or not at all, three at a time. Events
that were sent in the hours before the backup are marked to be sent again: whoever had them knows them by their ids.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

from backup import FORMAT, MANIFEST, digest
from databases import (
    AT_ONCE,
    PLAIN,
    ROOT,
    BackupError,
    answer,
    arguments,
    connection,
    databases,
    program,
    run,
    tell,
)
from names import LEARNERS_FIRST

TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
# Without autovacuum and its like, which also have sessions, and without our own, whose ends Postgres may hear of late.
SESSIONS = """SELECT string_agg(DISTINCT application_name, ', ') FROM pg_stat_activity
 WHERE datname = current_database() AND backend_type = 'client backend'
   AND application_name <> current_setting('application_name')"""
_SAVED = {"file", "sha256", "migrations", "server"}
QUIET = b"SET client_min_messages = error;\n"
EMPTIED = b"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public AUTHORIZATION pg_database_owner;\n"


def main() -> None:
    """The command."""
    try:
        options = _options()
        names = [name for name in LEARNERS_FIRST if name not in options.without]
        manifest = checked_manifest(options.folder, names)
        with databases(options.namespace) as urls:
            for name in names:
                require_fit(name, urls[name], manifest["databases"][name])
            for name in names if not options.replace else ():
                require_empty(name, urls[name])
            restore_all({name: urls[name] for name in names}, options.folder, manifest, options.resend_hours)
    except BackupError as error:
        sys.exit(f"mercato: {error}")
    print("Start the shop; then `python -m subgraphs.payments reconcile` holds its books against the provider's.")


def _options() -> argparse.Namespace:
    parser = arguments("Fills the databases of a stopped shop from a backup.")
    parser.add_argument("--replace", action="store_true", help="also where a database holds something, which is lost")
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        choices=LEARNERS_FIRST,
        metavar="SUBGRAPH",
        help="leave the database of a subgraph as it is, such as of one that came after the backup; may be repeated",
    )
    parser.add_argument(
        "--resend-hours",
        type=hours,
        default=24,
        metavar="N",
        help="send the events of so many hours before the backup again (default 24)",
    )
    return parser.parse_args()


def hours(text: str) -> int:
    """A number of hours from the command line."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of hours")
    return int(text)


def checked_manifest(folder: Path, names: Sequence[str]) -> Mapping[str, Any]:
    """The manifest of a backup that is whole as to these subgraphs.

    Raises:
        BackupError: naming the file that is missing or was changed, or the subgraph that was not saved.
    """
    try:
        manifest: Mapping[str, Any] = json.loads((folder / MANIFEST).read_text())
        databases_saved, known_format = manifest["databases"], manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError) as error:
        raise BackupError(f"{folder} holds no whole backup: {error!r}") from error
    if not known_format:
        raise BackupError(
            f"{folder} has format {manifest['format']}, and this command knows {FORMAT}: take the version that saved it"
        )
    for name in names:
        entry = require_saved(name, databases_saved)
        require_whole(name, folder / entry["file"], entry["sha256"])
        require_known(name, entry["migrations"])
    return manifest


def require_saved(name: str, saved: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the manifest says of a subgraph's database.

    Raises:
        BackupError: when it says nothing, as of a subgraph that came after the backup, or not all.
    """
    if name not in saved:
        raise BackupError(
            f"the backup has no database of {name}: say --without {name} if the shop had none then; it stays as it is"
        )
    entry: Mapping[str, Any] = saved[name]
    if lacking := sorted(_SAVED - entry.keys()):
        raise BackupError(f"the manifest says no {lacking[0]} of the database of {name}: take another backup")
    return entry


def require_whole(name: str, dump: Path, sha256: str) -> None:
    """Returns when a dump is what was saved, and pg_restore can read it.

    Raises:
        BackupError: when not.
    """
    if not dump.is_file() or digest(dump) != sha256:
        raise BackupError(f"{dump} is missing or not what was saved: the database of {name} needs another backup")
    run([program("pg_restore"), "--list", str(dump)])


def require_known(name: str, migrations: Sequence[str]) -> None:
    """Returns when this version of the shop knows the last migrations (``<app>.<migration>``) of a saved database.

    Raises:
        BackupError: when it was saved by a later version.
    """
    for migration in migrations:
        app, _, file = migration.partition(".")
        folder = "shared/persistence/migrations" if app == "chassis" else f"subgraphs/{app}/infrastructure/migrations"
        if not (ROOT / folder / f"{file}.py").is_file():
            raise BackupError(
                f"the database of {name} was saved with {migration}, which this version lacks: "
                "take the one that saved it"
            )


def require_fit(name: str, url: str, saved: Mapping[str, Any]) -> None:
    """Returns when a dump can be poured into a database.

    Raises:
        BackupError: when it is in use, or of an older Postgres.
    """
    server = answer(url, "SHOW server_version")
    if _major(server) < _major(saved["server"]):
        raise BackupError(
            f"the database of {name} was saved by Postgres {saved['server']}, and the server is {server}: an older one"
        )
    require_stopped(name, url)


def _major(version: str) -> int:
    return int(version.split(".")[0])


def require_stopped(name: str, url: str) -> None:
    """Returns when nobody uses a database.

    Raises:
        BackupError: when somebody is connected.
    """
    if sessions := answer(url, SESSIONS):
        raise BackupError(
            f"the database of {name} is in use by {sessions}: stop the shop first (scale serve and work to 0)"
        )


def require_empty(name: str, url: str) -> None:
    """Returns when a database has no tables.

    Raises:
        BackupError: when it has some.
    """
    if int(answer(url, TABLES)):
        raise BackupError(f"the database of {name} is not empty: say --replace to lose what it holds")


def restore_all(urls: Mapping[str, str], folder: Path, manifest: Mapping[str, Any], resend_hours: int) -> None:
    """Fills all databases; when one can't be filled the others are all the same.

    Raises:
        BackupError: with a line for each that was not filled.
    """
    since = f"timestamptz '{manifest['takenAt']}' - interval '{resend_hours} hours'"
    resend = f"UPDATE public.outbox SET sent_at = NULL WHERE sent_at > {since};"  # noqa: S608
    dumps = {name: folder / manifest["databases"][name]["file"] for name in urls}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        fillings = [pool.submit(restore, name, urls[name], dumps[name], resend) for name in urls]
    if failures := [str(failure) for filling in fillings if (failure := filling.exception())]:
        raise BackupError("\nmercato: ".join(failures))


def restore(name: str, url: str, dump: Path, resend: str) -> None:
    """Fills one database in one transaction.

    Raises:
        BackupError: with what Postgres complains of; the database is as it was.
    """
    started = time.monotonic()
    psql = [program("psql"), *PLAIN, "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with tempfile.TemporaryFile() as complaints:
        filling = subprocess.Popen(psql, env=connection(url), stdin=subprocess.PIPE, stderr=complaints)  # noqa: S603
        with contextlib.suppress(BrokenPipeError), filling:
            assert filling.stdin is not None
            filling.stdin.write(QUIET + EMPTIED)
            filling.stdin.flush()
            is_complete = _pour(dump, filling.stdin)
            filling.stdin.write(resend.encode() if is_complete else b"SELECT the_dump_could_not_be_read;")
        complaints.seek(0)
        complaint = complaints.read().decode().strip()
    if filling.returncode:
        raise BackupError(
            f"the database of {name} was not restored: {complaint.splitlines()[0] if complaint else 'psql failed'}"
        )
    tell(f"{name:<14} {dump.stat().st_size / 1e6:8.1f} MB {time.monotonic() - started:6.1f} s")


def _pour(dump: Path, into: IO[bytes]) -> bool:
    """Writes a dump as SQL; False when it could not be read to its end."""
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as reading:  # noqa: S603 - a program of ours
        assert reading.stdout is not None
        shutil.copyfileobj(reading.stdout, into)
    return reading.returncode == 0


if __name__ == "__main__":
    main()
