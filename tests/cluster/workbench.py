"""A developer at work: a copy of the repository, Tilt on it, and the router as the developer's browser sees it."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from tests.cluster.overlay import REPOSITORY, SERVING, WORKING
from tests.subgraphs import eventually

_STOP_SECONDS = 30.0
# Whoever waits longer than this for an edit has lost the thread; what is asked for is far below.
_EDIT_SECONDS = 60.0
_UP_SECONDS = 300.0
# Not in the tree, and needed: what is installed, and what is provided to builds.
_INSTALLED = (".venv", "router/node_modules")
_PROVIDED = "k8s/images/provided"


class Workbench:
    """A copy of the repository that Tilt runs, so that edits hurt nobody."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._router = httpx.AsyncClient(base_url="http://127.0.0.1:4000", timeout=10)

    @property
    def log(self) -> Path:
        """All that Tilt said."""
        return self._folder / "tilt.log"

    async def ci(self, *arguments: str) -> tuple[int, float]:
        """Runs ``tilt ci``: its status, and how many seconds it took."""
        began = time.monotonic()
        with self._tilt("ci", *arguments) as process:
            status = await asyncio.to_thread(process.wait)
        return status, time.monotonic() - began

    @contextlib.asynccontextmanager
    async def up(self, *arguments: str) -> AsyncIterator[None]:
        """Has ``tilt up`` running until the block ends, from the moment when all of it is ready."""
        with self._tilt("up", "--stream", *arguments) as process:
            await eventually(lambda: self._is_ready(process), "tilt up is ready", _UP_SECONDS)
            yield

    async def down(self) -> None:
        """Takes all of it off the cluster."""
        with self._tilt("down", "--delete-namespaces", "--", "--offline") as process:
            await asyncio.to_thread(process.wait)

    async def seconds_until(self, query: str, expected: object) -> float:
        """How long the router takes from now on to give an answer that holds ``expected``."""
        began = time.monotonic()

        async def answered() -> bool:
            return str(expected) in str(await self._ask(query))

        await eventually(answered, f"the answer to {query} holds {expected}", _EDIT_SECONDS)
        return time.monotonic() - began

    def edit(self, file: str, old: str, new: str) -> None:
        """Saves a file with a part of it replaced."""
        path = self._folder / file
        text = path.read_text()
        assert old in text, f"{file} has no {old}"
        path.write_text(text.replace(old, new))

    async def _ask(self, query: str) -> Any:
        try:
            answer = (await self._router.post("/graphql", json={"query": query})).json()
        except (httpx.TransportError, ValueError):
            return None
        return None if answer.get("errors") else answer["data"]

    async def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, f"tilt ended; it says:\n{self.log.read_text()[-3000:]}"
        resources = [f"uiresource/{name}" for name in ("router", *SERVING, *WORKING)]
        wait = ["tilt", "wait", "--timeout=10s", "--for=condition=Ready", *resources]
        found = await asyncio.to_thread(subprocess.run, wait, capture_output=True, check=False)
        return found.returncode == 0 and await self._ask("{ categories { id } }") is not None

    @contextlib.contextmanager
    def _tilt(self, *arguments: str) -> Any:
        with self.log.open("ab") as log:
            process = subprocess.Popen(["tilt", *arguments], cwd=self._folder, stdout=log, stderr=subprocess.STDOUT)
            try:
                yield process
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(_STOP_SECONDS)


@contextlib.asynccontextmanager
async def workbench() -> AsyncIterator[Workbench]:
    """One in a folder that is gone afterwards, as is what it put on the cluster."""
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        await asyncio.to_thread(_copy, Path(folder))
        bench = Workbench(Path(folder))
        await bench.down()
        try:
            yield bench
        finally:
            await bench.down()


def _copy(folder: Path) -> None:
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=REPOSITORY, text=True)
    for name in filter(lambda each: (REPOSITORY / each).is_file(), listed.splitlines()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, folder / name)
    for name in _INSTALLED:
        os.symlink(REPOSITORY / name, folder / name)
    shutil.copytree(REPOSITORY / _PROVIDED, folder / _PROVIDED, dirs_exist_ok=True)
