"""Installs what the lock files say, and only when they changed:
Python's packages, Kafka's jars, Node's packages, and for tests other people's clients.

The Makefile runs it with whatever python3 there is, before anything is installed: standard library only, and nothing
that an older Python would stumble over before it is told that it is too old.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VENV = REPOSITORY / ".venv"
DATA = REPOSITORY / ".mercato"
PYTHON = VENV / "bin" / "python"
LEAST_PYTHON = (3, 11)
LEAST_NODE = 20
# What all of it takes is 600 MB; the mesh wants some, too.
LEAST_FREE_BYTES = 1024 * 1024 * 1024


class InstallError(Exception):
    """Its text is what a person reads."""


class Step:
    """Something to install; its stamp holds the digest of the lock files that it was done for."""

    def __init__(self, name: str, locks: list[str], stamp: Path, commands: Callable[[], Iterable[list[str]]]) -> None:
        self.name = name
        self._stamp = stamp
        self._commands = commands
        self._running: subprocess.Popen[bytes] | None = None
        self._killed = False
        self._digest = hashlib.sha256(b"".join((REPOSITORY / lock).read_bytes() for lock in locks)).hexdigest()

    def is_done(self) -> bool:
        """Whether it was completed for these lock files."""
        return self._stamp.exists() and self._stamp.read_text() == self._digest

    def run(self) -> None:
        """Run its commands; an interruption leaves no stamp, so the next run does it again."""
        started = time.monotonic()
        if self._stamp.exists():
            self._stamp.unlink()
        for command in self._commands():
            self._call(command)
        unfinished = self._stamp.with_name(self._stamp.name + ".new")
        unfinished.write_text(self._digest)
        unfinished.replace(self._stamp)
        print(f"{self.name:<15} {time.monotonic() - started:4.1f} s", flush=True)

    def kill(self) -> None:
        """End what it runs or is about to run, because another step failed."""
        self._killed = True
        if self._running is not None:
            self._running.kill()

    def _call(self, command: list[str]) -> None:
        self._running = subprocess.Popen(  # noqa: S603 - commands of our own
            command, cwd=str(REPOSITORY), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if self._killed:  # between two commands, when there was nothing to kill
            self._running.kill()
        output = self._running.communicate()[0].decode(errors="replace").rstrip()
        if self._running.returncode:
            raise InstallError(f"{self.name} cannot be installed, `{' '.join(command)}` says:\n{output}")


def python_commands() -> Iterable[list[str]]:
    """pip installs nothing but uv, which installs the rest in a tenth of the time."""
    if not (VENV / "bin" / "pip").exists():
        yield [sys.executable, "-m", "venv", "--clear", str(VENV)]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    yield [*pip, "--require-hashes", "-r", "requirements/uv.txt"]
    uv = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--python", str(PYTHON)]
    yield [*uv, "--require-hashes", "requirements/lock.txt"]


def jar_commands() -> Iterable[list[str]]:
    """jgo fetches them, one of the Python packages; then Java learns them by heart."""
    yield [str(PYTHON), "-m", "tilt.embedded.kafka.jars"]
    yield [str(PYTHON), "-m", "tilt.embedded.kafka.training"]


def node_commands() -> Iterable[list[str]]:
    """npm ci takes exactly what package-lock.json says."""
    yield npm_ci("router")


def client_commands() -> Iterable[list[str]]:
    """Only tests have clients."""
    yield npm_ci("tests/clients")


def npm_ci(folder: str) -> list[str]:
    """The command that installs a folder's packages."""
    return ["npm", "ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error"]


def check_python() -> None:
    """What is asked for in one line, before anything of a later Python is used."""
    if sys.version_info < LEAST_PYTHON:
        version = ".".join(map(str, sys.version_info[:2]))
        raise InstallError(f"{sys.executable} is Python {version}, 3.11 is needed: make up PYTHON=python3.12")


def check_node() -> None:
    """node and npm are there and recent enough."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise InstallError(f"{tool} is missing: install Node.js {LEAST_NODE} or later.")
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout.strip()  # noqa: S607
    if int(version.lstrip("v").split(".")[0] or 0) < LEAST_NODE:
        raise InstallError(f"node is {version}, {LEAST_NODE} is needed: install a later Node.js.")


def make_private_folder() -> None:
    """What is brought and what the mesh writes later lies in a folder that nobody else enters."""
    DATA.mkdir(mode=0o700, exist_ok=True)
    DATA.chmod(0o700)


def check_disk() -> None:
    """There is room for all of it."""
    free = shutil.disk_usage(str(REPOSITORY)).free
    if free < LEAST_FREE_BYTES:
        raise InstallError(f"Only {free >> 20} MB are free where {REPOSITORY} is; {LEAST_FREE_BYTES >> 20} are needed.")


def install(chains: list[list[Step]]) -> None:
    """Run the chains at once, the steps of one after each other; the first failure ends them all."""
    failures: list[InstallError] = []

    def run(chain: list[Step]) -> None:
        try:
            for step in chain:
                step.run()
        except InstallError as error:
            failures.append(error)
            for other in chains:
                for step in other:
                    step.kill()

    threads = [threading.Thread(target=run, args=(chain,), daemon=True) for chain in chains]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def main() -> None:
    """`install.py python node`: what is named, and of that only what is not done."""
    wanted = sys.argv[1:]
    check_python()
    make_private_folder()
    if {"node", "clients"} & set(wanted):
        check_node()
    locks = ["requirements/uv.txt", "requirements/lock.txt"]
    python = Step("Python packages", locks, VENV / ".installed", python_commands)
    jars = Step("Kafka's jars", ["tilt/embedded/kafka/jgo.lock.toml"], VENV / ".jars", jar_commands)
    node = Step("Node packages", ["router/package-lock.json"], REPOSITORY / "router/node_modules/.ok", node_commands)
    clients = Step(
        "Clients", ["tests/clients/package-lock.json"], REPOSITORY / "tests/clients/node_modules/.ok", client_commands
    )
    packages = [step for name, step in (("node", node), ("clients", clients)) if name in wanted]
    chains = [[python, jars] if "python" in wanted else [], packages]
    missing = [[step for step in chain if not step.is_done()] for chain in chains]
    if any(missing):
        check_disk()
        print(f"Installing {', '.join(step.name for chain in missing for step in chain)}...", flush=True)
        install([chain for chain in missing if chain])


if __name__ == "__main__":
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # the Makefile holds it back until now
        main()
    except InstallError as error:
        sys.exit(f"mercato: {error}")
    except KeyboardInterrupt:
        os.write(2, b"mercato: stopped before anything was started.\n")
        os._exit(130)
