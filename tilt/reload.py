"""Runs a subgraph in a container of development, again whenever a file of it changes.

``python -m tilt.reload orders serve``

What it imports of others is imported once, here, and each start is a fork. A changed version is imported while the one
before it still serves; a mistake that shows there is told, and the version before it goes on.
`docs/deployment/local.md` tells of the loop.
"""

import contextlib
import gc
import importlib
import multiprocessing
import multiprocessing.connection
import runpy
import signal
import sys
import threading
from collections.abc import Iterator, Sequence

import watchfiles

from tilt.preloading import keep, preload

LASTING_COMMANDS = ("serve", "work", "run")
# A version that is replaced may finish what it does, but nobody waits longer for it; one that the pod's end stops may.
REPLACED_SECONDS = 1.0
STOPPED_SECONDS = 20.0
# Tilt writes all files of one save at once: 50 ms without a change are the end of it.
QUIET_MS = 50
DEBOUNCE_MS = 300
LOOK_MS = 100

_forking = multiprocessing.get_context("fork")


class Files(watchfiles.DefaultFilter):
    """What makes another version of a subgraph: its code and its contract."""

    endings: tuple[str, ...] = (".py", ".graphql", ".html", ".txt", ".json")

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        return path.endswith(self.endings) and super().__call__(change, path)


class Version:
    """A process that runs a module as the files are when it begins."""

    def __init__(self, module: str, arguments: Sequence[str]) -> None:
        self._here, there = _forking.Pipe()
        self._process = _forking.Process(target=_become, args=(there, module, arguments))
        self._process.start()
        there.close()

    def is_imported(self) -> bool:
        """Whether its code could be imported; waits until that is known."""
        multiprocessing.connection.wait([self._here, self._process.sentinel])
        return self._here.poll() and self._process.is_alive()

    def begin(self) -> None:
        """Run it: nothing else listens where it will."""
        self._here.send("begin")

    def ended(self) -> int | None:
        """The status that it ended with, if it did."""
        return self._process.exitcode

    def stop(self, patience: float) -> None:
        """End it: politely for ``patience`` seconds, then for certain."""
        self._process.terminate()
        self._process.join(patience)
        self._process.kill()
        self._process.join()


def reload(module: str, arguments: Sequence[str]) -> int:
    """Run a module until SIGTERM, and again after each change of a file below the working directory.

    Answers the status that it ended with, when it ended of itself before anything was changed.
    """
    changing = _changes(_stopping())
    next(changing, None)  # files are watched from here on: a change while the first version is imported counts, too
    running = Version(module, arguments)
    if running.is_imported():
        running.begin()
    changed = False
    for changes in changing:
        if changes:
            changed, running = True, _replaced(running, Version(module, arguments))
        elif not changed and running.ended() is not None:
            return running.ended() or 0
    running.stop(STOPPED_SECONDS)
    return 0


def _replaced(running: Version, changed: Version) -> Version:
    if not changed.is_imported():
        print(
            "The change cannot be imported: the version before it goes on. The next change is tried again.", flush=True
        )
        return running
    running.stop(REPLACED_SECONDS)
    changed.begin()
    return changed


def _changes(stopping: threading.Event) -> Iterator[set[watchfiles.main.FileChange]]:
    """Sets of changes, and an empty one now and then."""
    return watchfiles.watch(
        ".",
        watch_filter=Files(),
        debounce=DEBOUNCE_MS,
        step=QUIET_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        stop_event=stopping,
    )


def _stopping() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    return stopping


def _become(channel: multiprocessing.connection.Connection, module: str, arguments: Sequence[str]) -> None:
    """What a fork does: import, report, wait until it may begin, be the module."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    importlib.import_module(f"{module}.bootstrap")
    channel.send("imported")
    channel.recv()
    gc.enable()
    _run(module, arguments)


def _run(module: str, arguments: Sequence[str]) -> None:
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def main() -> None:
    """``reload.py SUBGRAPH COMMAND...``: commands that end are run once, as they are."""
    module, arguments = f"subgraphs.{sys.argv[1]}", sys.argv[2:]
    if arguments[:1] and arguments[0] not in LASTING_COMMANDS:
        _run(module, arguments)
        return
    sys.dont_write_bytecode = (
        True  # Python takes a file saved twice within a second for the same one if its bytecode is there
    )
    preload()
    keep()
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(reload(module, arguments))


if __name__ == "__main__":
    main()
