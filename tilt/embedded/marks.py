"""Files that say what was done already, so that a start need not do it again."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Mark:
    """A file that says what was done: each thing by its digest, since addresses of databases hold passwords."""

    def __init__(self, file: Path, what: Iterable[str]) -> None:
        self._file = file
        self._digests = {hashlib.sha256(each.encode()).hexdigest() for each in what}

    def is_set(self) -> bool:
        return self._digests <= self._known()

    def add(self) -> None:
        """Add them: what other slices of the mesh have seeded, they need not do again."""
        self._file.write_text("\n".join(sorted(self._known() | self._digests)))

    def _known(self) -> set[str]:
        return set(self._file.read_text().split()) if self._file.exists() else set()
