"""`make logs`: follow the logs of all processes, or of one, with their names in front."""

import os
import time
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.text import Text

from tilt.embedded.errors import MeshError

POLL_SECONDS = 0.2
LINES_AT_FIRST = 10
COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green", "bright_yellow")


class Follower:
    """Reads on in one log, over its start anew too."""

    def __init__(self, path: Path, backlog: int | None = None) -> None:
        self.name = path.stem
        self._path = path
        self._file: IO[str] = path.open(errors="replace")
        self._rest = ""
        self._first = [] if backlog is None else self._file.read().splitlines()[-backlog:]

    def lines(self) -> list[str]:
        """What was written since; a half line waits for its other half."""
        found = self._file.read()
        if not found and self._was_replaced():
            self._file.close()
            self._file = self._path.open(errors="replace")
            found = self._file.read()
        *complete, self._rest = (self._rest + found).split("\n")
        first, self._first = self._first, []
        return first + complete

    def _was_replaced(self) -> bool:
        try:
            return self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:
            return False


def follow(folder: Path, service: str | None) -> None:
    """Print what is written until Ctrl-C."""
    pattern = f"{service}.log" if service else "*.log"
    found = sorted(folder.glob(pattern))
    if not found:
        known = ", ".join(sorted(path.stem for path in folder.glob("*.log")))
        raise MeshError(f"There is no log {pattern} in {folder}." + (f" There are: {known}." if known else ""))
    console = Console(highlight=False)
    followers = {path: Follower(path, backlog=LINES_AT_FIRST) for path in found}
    while True:
        for number, follower in enumerate(followers.values()):
            print_lines(console, follower, COLOURS[number % len(COLOURS)])
        time.sleep(POLL_SECONDS)
        for path in sorted(set(folder.glob(pattern)) - set(followers)):
            followers[path] = Follower(path)


def print_lines(console: Console, follower: Follower, colour: str) -> None:
    """Print the new lines of one log."""
    for line in follower.lines():
        console.print(Text(f"{follower.name:<14}", style=colour) + Text(line), soft_wrap=True)
