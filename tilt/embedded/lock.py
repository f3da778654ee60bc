"""One mesh per data folder: a lock that the kernel lets go of when its holder dies, however it dies."""

import fcntl
import os
from pathlib import Path
from typing import IO

from tilt.embedded.errors import MeshError
from tilt.embedded.records import Identity, identity_of


class MeshLock:
    """The lock file; it names its holder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take it, or say who has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read_holder(file)
            file.close()
            who = f" (pid {holder.pid})" if holder else ""
            raise MeshError(f"Mercato is running already{who}. Stop it with `make down`.") from None
        myself = identity_of(os.getpid())
        assert myself is not None
        file.truncate(0)
        file.write(f"{myself.pid} {myself.started}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let it go. The file stays: removing it would let two hold "the" lock, one of them on a removed file."""
        if self._file is not None:
            self._file.truncate(0)
            self._file.close()
            self._file = None

    def holder(self) -> Identity | None:
        """The supervisor that runs now."""
        if not self._path.exists():
            return None
        with self._path.open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # who asks at the same time is no holder
            except BlockingIOError:
                return read_holder(file)
        return None


def read_holder(file: IO[str]) -> Identity | None:
    """Whom a lock file names."""
    file.seek(0)
    pid, _, started = file.read().strip().partition(" ")
    return Identity(int(pid), started) if pid else None
