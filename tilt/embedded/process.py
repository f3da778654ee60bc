"""Child processes of the mesh: a log file each, gone when their parent is gone, stopped politely and then not."""

import asyncio
import ctypes
import os
import signal
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tilt.embedded.sharing import for_everybody

REPOSITORY = Path(__file__).resolve().parents[2]
POLL_SECONDS = 0.05
PR_SET_PDEATHSIG = 1


@dataclass(kw_only=True)
class Child(ABC):
    """A process that can be watched and stopped, however it came to be."""

    name: str
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0

    @property
    @abstractmethod
    def pid(self) -> int | None:
        """The process id while it runs."""

    @abstractmethod
    async def exited(self) -> int:
        """Wait until it is gone; its exit status, negative for a signal."""

    @abstractmethod
    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it is gone already."""

    async def stop(self) -> None:
        """Ask it to stop, and end it when it does not within its time."""
        if self.pid is None:
            return
        self.signal(self.stop_signal)
        try:
            await asyncio.wait_for(self.exited(), self.stop_seconds)
        except TimeoutError:
            self.signal(signal.SIGKILL)
            await self.exited()

    def last_lines(self, count: int = 15) -> str:
        """The end of its log, for whoever must find out why it failed."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:]) if self.log.exists() else ""


@dataclass(kw_only=True)
class Process(Child):
    """One program, started as often as needed."""

    command: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    working_directory: Path = REPOSITORY
    inherited_files: Sequence[int] = ()
    _popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        return self._popen.pid if self._popen is not None and self._popen.poll() is None else None

    def start(self) -> None:
        """Start the program. Call it on the main thread: Linux ends children with the *thread* that started them."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._popen = subprocess.Popen(  # noqa: S603 - commands of our own
                self.command,
                env={**for_everybody(), **self.environment},
                cwd=self.working_directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C of the terminal reaches the supervisor alone, which knows the order
                preexec_fn=death_binder(self.stop_signal),
                pass_fds=self.inherited_files,
            )

    async def exited(self) -> int:
        assert self._popen is not None, f"{self.name} was never started"
        while (status := self._popen.poll()) is None:  # noqa: ASYNC110 - the kernel sets no Event
            await asyncio.sleep(POLL_SECONDS)
        return status

    def signal(self, number: signal.Signals) -> None:
        if self._popen is not None:
            self._popen.send_signal(number)


def death_binder(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """A function for the new child: have the kernel stop it when its parent dies, even by kill -9."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def bind_to_parent() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # it died in between, and no signal will come
            os._exit(1)

    return bind_to_parent
