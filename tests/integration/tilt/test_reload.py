"""A subgraph that starts again when a file of it changes, as it runs in a container of development."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tilt.embedded.ports import free_port

REPOSITORY = Path(__file__).resolve().parents[3]
SECONDS = 120.0

MAIN = """
import http.server, sys
from subgraphs.sample.bootstrap import ANSWER

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{ANSWER} to {sys.argv[1]}".encode())

if sys.argv[1] == "serve":
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
print(f"{ANSWER} to {sys.argv[1]}")
sys.exit(78)
"""
SLOW = """
import pathlib, time
pathlib.Path("begun").touch()
time.sleep(1)
ANSWER = "one"
"""


class Container:
    """A folder like the image's, and what runs in it."""

    def __init__(self, folder: Path) -> None:
        self._package = folder / "subgraphs" / "sample"
        self._package.mkdir(parents=True)
        (folder / "subgraphs" / "__init__.py").touch()
        self._folder = folder
        self.port = free_port()
        self.save("__main__.py", MAIN)
        self.save("bootstrap.py", "ANSWER = 'one'")

    def save(self, file: str, text: str) -> None:
        """What live update does."""
        (self._package / file).write_text(text)

    def has_begun(self) -> bool:
        """Whether SLOW is being imported."""
        return (self._folder / "begun").exists()

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tilt.reload", "sample", *arguments]
        path = os.pathsep.join([str(self._folder), str(REPOSITORY)])
        environment = {**os.environ, "PYTHONPATH": path}
        return subprocess.Popen(
            command, cwd=self._folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def answer(self) -> str | None:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}").text
        except httpx.TransportError:
            return None


@pytest.fixture
def container(tmp_path: Path) -> Container:
    return Container(tmp_path)


@pytest.fixture
def serving(container: Container) -> Iterator[subprocess.Popen[str]]:
    process = container.start("serve", str(container.port))
    try:
        _eventually(lambda: container.answer() == "one to serve")
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.usefixtures("serving")
def test_what_is_saved_is_served(container: Container) -> None:
    container.save("bootstrap.py", "ANSWER = 'two'")
    _eventually(lambda: container.answer() == "two to serve")
    container.save("bootstrap.py", "ANSWER = 'six'")
    _eventually(lambda: container.answer() == "six to serve")


def test_what_is_saved_while_the_first_version_starts_is_served(container: Container) -> None:
    container.save("bootstrap.py", SLOW)
    process = container.start("serve", str(container.port))
    try:
        _eventually(container.has_begun)
        container.save("bootstrap.py", "ANSWER = 'two'")
        _eventually(lambda: container.answer() == "two to serve")
    finally:
        process.kill()
        process.wait()


def test_a_mistake_is_told_while_the_version_before_it_goes_on(
    container: Container, serving: subprocess.Popen[str]
) -> None:
    container.save("bootstrap.py", "ANSWER = 'two")
    assert serving.stdout is not None
    told = iter(
        serving.stdout.readline,
        "The change cannot be imported: the version before it goes on. The next change is tried again.\n",
    )
    assert any("SyntaxError" in line for line in told)
    assert container.answer() == "one to serve"
    container.save("bootstrap.py", "ANSWER = 'two'")
    _eventually(lambda: container.answer() == "two to serve")


def test_the_end_of_the_pod_ends_what_serves(container: Container, serving: subprocess.Popen[str]) -> None:
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(SECONDS) == 0
    assert container.answer() is None


def test_a_subgraph_that_does_not_start_ends_with_its_own_status(container: Container) -> None:
    process = container.start("work")
    assert process.wait(SECONDS) == 78


def test_a_command_that_ends_is_run_once(container: Container) -> None:
    process = container.start("migrate")
    output, _ = process.communicate(timeout=SECONDS)
    assert (output, process.returncode) == ("one to migrate\n", 78)


def _eventually(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not look():
        assert time.monotonic() < deadline, f"not within {SECONDS:.0f} s"
