"""Files that are written anew while a process runs, as Vault and Kubernetes do with secrets and certificates."""

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0

Content = TypeVar("Content")


class ReloadedFile(Generic[Content]):
    """What a file holds, read again when the file has changed; it is looked at once a second at most.

    A changed file that can't be used is named in the log, once, and what it held before stays.
    """

    def __init__(self, path: Path, parse: Callable[[Path], Content]) -> None:
        """Reads the file; raises what ``parse`` raises."""
        self.path = path
        self._parse = parse
        self._state = _state(path)
        self._content = parse(path)
        self._looked_at = time.monotonic()

    def current(self) -> Content:
        """What the file holds now."""
        if time.monotonic() - self._looked_at >= _LOOK_SECONDS:
            self.look()
        return self._content

    def look(self) -> None:
        """Reads the file now if it has changed."""
        self._looked_at = time.monotonic()
        state = _state(self.path)
        if state == self._state:
            return
        self._state = state
        try:
            self._content = self._parse(self.path)
            logger.info("%s has changed and was read again", self.path)
        except (OSError, ValueError) as error:
            logger.error("%s has changed and can't be used, what it held before stays: %s", self.path, error)


def _state(path: Path) -> tuple[int, int, int] | None:
    """What differs when a file was written or replaced; Kubernetes replaces the folder behind a symbolic link."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
