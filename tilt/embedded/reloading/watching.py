"""Watches the tree for what is saved."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from os.path import isdir
from pathlib import Path

import watchfiles

from tilt import reload
from tilt.embedded.reloading.saved import Saved, saved_in

FOLDERS = ("schema", "shared", "subgraphs")
# A save is over after so long without a change. So is what writes many files, as a checkout or a template does: while
# it goes on it is waited for, but no longer than that.
QUIET_MS = 100
LONGEST_MS = 3_000
POLL_MS = 1_000

Say = Callable[[str], None]


class Files(reload.Files):
    """What makes another version of something: code and contracts, manifests and events."""

    endings = (*reload.Files.endings, ".yaml")


class FilesAndNewFolders(Files):
    """Those, and folders that were added."""

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        return super().__call__(change, path) or (
            change is watchfiles.Change.added and watchfiles.DefaultFilter.__call__(self, change, path) and isdir(path)
        )


async def watch(tree: Path, say: Say) -> AsyncGenerator[Saved, None]:
    """What is saved below a tree, one save after the other; what comes while one is worked on becomes the next.

    ``say`` hears it in a line when the system can't tell of changes, and the files are looked at instead.
    """
    saves: asyncio.Queue[Saved] = asyncio.Queue()
    recursive = _follow(saves, tree, [tree / name for name in FOLDERS], True, say)
    direct = _follow(saves, tree, [tree], False, lambda _: None)
    watchers = [asyncio.create_task(recursive), asyncio.create_task(direct)]
    try:
        while True:
            saved = await saves.get()
            while not saves.empty():
                saved.add(saves.get_nowait())
            yield saved
    finally:
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)


async def _follow(saves: asyncio.Queue[Saved], tree: Path, folders: Sequence[Path], recursive: bool, say: Say) -> None:
    try:
        await _put_changes(saves, tree, folders, recursive)
    except (OSError, RuntimeError) as error:
        say(
            f"Files can't be watched ({error}): they are looked at once a second instead."
            " `sysctl fs.inotify.max_user_watches fs.inotify.max_user_instances` shows the limits."
        )
        await _put_changes(saves, tree, folders, recursive, force_polling=True)


async def _put_changes(
    saves: asyncio.Queue[Saved],
    tree: Path,
    folders: Sequence[Path],
    recursive: bool,
    force_polling: bool | None = None,
) -> None:
    changing = watchfiles.awatch(
        *folders,
        watch_filter=FilesAndNewFolders(),
        debounce=LONGEST_MS,
        step=QUIET_MS,
        recursive=recursive,
        force_polling=force_polling,
        poll_delay_ms=POLL_MS,
    )
    async for changes in changing:
        files = [file for change, path in changes for file in _files(change, Path(path))]
        saved = saved_in(file.relative_to(tree).as_posix() for file in files)
        if saved != Saved():
            saves.put_nowait(saved)


def _files(change: watchfiles.Change, path: Path) -> list[Path]:
    """The file that changed; of a folder that was added all, for the system is silent of those that came with it."""
    if not path.is_dir():
        return [path]
    kept = Files()
    return [file for file in path.rglob("*") if file.is_file() and kept(change, str(file))]
