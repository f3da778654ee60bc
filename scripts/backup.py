"""Saves the databases of a shop as they are at one moment, give or take milliseconds; the shop goes on meanwhile.

    python3 scripts/backup.py FOLDER [--namespace mercato]

The folder appears when all of it is there: a dump a database and manifest.json. What such a backup is good for,
and what heals the moments between them, docs/deployment/backup-and-restore.md says.
"""

import contextlib
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from databases import (
    AT_ONCE,
    MIGRATIONS,
    PLAIN,
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

MANIFEST = "manifest.json"
FORMAT = 1  # of the manifest


def main() -> None:
    """The command."""
    options = arguments("Saves the databases of a running shop.").parse_args()
    try:
        with databases(options.namespace) as urls:
            back_up(urls, options.folder)
    except BackupError as error:
        sys.exit(f"mercato: {error}")


def back_up(urls: Mapping[str, str], folder: Path) -> None:
    """Fills a new folder.

    Raises:
        BackupError: when the folder is there already, or a database can't be saved; then no folder is left.
    """
    if folder.exists():
        raise BackupError(f"{folder} is there already: name a new folder")
    unfinished = _unfinished(folder)
    try:
        taken_at = answer(
            urls["orders"], "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        )
        saved = _save_all(urls, unfinished)
        (unfinished / MANIFEST).write_text(
            json.dumps({"format": FORMAT, "takenAt": taken_at, "databases": saved}, indent=2) + "\n"
        )
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished)
        raise


def _unfinished(folder: Path) -> Path:
    """A new folder beside the one that is to be, which none but its owner can read."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise BackupError(f"{folder} can't be made: {error.strerror}") from error


def _save_all(urls: Mapping[str, str], folder: Path) -> dict[str, object]:
    with _snapshots(urls) as snapshots, ThreadPoolExecutor(AT_ONCE) as pool:
        saved = {name: pool.submit(_save, name, urls[name], snapshots[name], folder) for name in LEARNERS_FIRST}
        return {name: future.result() for name, future in saved.items()}


@contextlib.contextmanager
def _snapshots(urls: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Has each database remember how it is now. All are connected first, so that the moments are next to each other.

    The moment is that of the first statement after BEGIN, one database after the other, dependents first.
    """
    with contextlib.ExitStack() as stack:
        sessions = {name: stack.enter_context(_session(urls[name])) for name in LEARNERS_FIRST}
        for session in sessions.values():
            _ask(session, "SELECT 'connected';")
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();"
        yield {name: _ask(session, begin) for name, session in sessions.items()}


@contextlib.contextmanager
def _session(url: str) -> Iterator["subprocess.Popen[bytes]"]:
    command, pipe = [program("psql"), *PLAIN], subprocess.PIPE
    # Without buffers, for what is left in one is written once more at the end, to a psql that may be gone.
    with subprocess.Popen(command, 0, env=connection(url), stdin=pipe, stdout=pipe, stderr=pipe) as session:  # noqa: S603
        try:
            yield session
        finally:
            session.terminate()


def _ask(session: "subprocess.Popen[bytes]", sql: str) -> str:
    assert session.stdin is not None
    assert session.stdout is not None
    assert session.stderr is not None
    with contextlib.suppress(BrokenPipeError):
        session.stdin.write(f"{sql}\n".encode())
    line = session.stdout.readline().decode().strip()
    if not line:
        raise BackupError(f"psql: {session.stderr.readline().decode().strip()}")
    return line


def _save(name: str, url: str, snapshot: str, folder: Path) -> Mapping[str, object]:
    started = time.monotonic()
    file = folder / f"{name}.dump"
    run(
        [
            program("pg_dump"),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={file}",
        ],
        url,
    )
    size = file.stat().st_size
    tell(f"{name:<14} {size / 1e6:8.1f} MB {time.monotonic() - started:6.1f} s")
    return {
        "file": file.name,
        "bytes": size,
        "sha256": digest(file),
        "server": answer(url, "SHOW server_version"),
        "migrations": answer(url, MIGRATIONS).splitlines(),
    }


def digest(file: Path) -> str:
    """What a file's content is known by."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


if __name__ == "__main__":
    main()
