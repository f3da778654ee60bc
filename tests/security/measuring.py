"""What processes spend: CPU time to the nanosecond, resident memory and its peak, by the system's own count."""

import asyncio
import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_LOOK_SECONDS = 0.004
_RESTFUL_LOOKS = 2
_SETTLE_SECONDS = 20.0


@dataclass(frozen=True)
class Spent:
    """The most that any one process spent, and which one it was."""

    cpu_ms: float
    cpu_of: str
    grown_mb: float
    grown_of: str

    def told(self) -> str:
        return f"{self.cpu_ms:.0f} ms of CPU in {self.cpu_of}, {self.grown_mb:.1f} MB more in {self.grown_of}"


class Meter:
    """Measures families of processes: each one named here with its children, those of Postgres too."""

    def __init__(self, roots: Mapping[str, int]) -> None:
        self._roots = roots
        self._members: dict[int, str] = {}
        self._cpu: dict[int, float] = {}
        self._resident: dict[int, float] = {}

    def begin(self) -> None:
        """Everything that is spent from now on counts."""
        self._members = self._family()
        for pid in self._members:
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
        self._resident = {pid: _megabytes(pid, "VmRSS") for pid in self._members}
        self._cpu = {pid: cpu_seconds(pid) for pid in self._members}

    async def settle(self) -> None:
        """Waits until work that goes on after an answer is over.

        That is until everybody sleeps, or longer than anybody may work.

        Time spent is no sign of rest, as a busy machine gives little of it to anybody.
        """
        deadline = time.monotonic() + _SETTLE_SECONDS
        restful = 0
        while restful < _RESTFUL_LOOKS and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_SECONDS)
            restful = 0 if any(map(_is_at_work, self._members)) else restful + 1

    def end(self) -> Spent:
        """What was spent since the beginning, by those who were there then and those who came."""
        members = self._family() | self._members  # who came meanwhile has spent all of its time now
        cpu = {pid: 1000 * (cpu_seconds(pid) - self._cpu.get(pid, 0.0)) for pid in members}
        grown = {pid: _megabytes(pid, "VmHWM") - before for pid, before in self._resident.items()}
        dearest, greatest = max(cpu, key=cpu.__getitem__), max(grown, key=grown.__getitem__)
        return Spent(cpu[dearest], members[dearest], grown[greatest], members[greatest])

    def resident(self) -> dict[str, float]:
        """Megabytes of each process that was named."""
        return {name: _megabytes(pid, "VmRSS") for name, pid in self._roots.items()}

    def alive(self) -> set[int]:
        """The processes that are there."""
        return set(self._family())

    def _family(self) -> dict[int, str]:
        return {pid: name for name, root in self._roots.items() for pid in (root, *_descendants(root))}


def _descendants(pid: int) -> Iterator[int]:
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, file.read_text().split()):
                yield child
                yield from _descendants(child)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process with all of its threads, those that have ended too; 0 where it is gone.

    /proc/<pid>/stat has the same in ticks of 10 ms; this is Linux's clock of another process:
    its number is made of the pid.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _is_at_work(pid: int) -> bool:
    """Whether a thread of the process runs or would if it were let."""
    for file in Path(f"/proc/{pid}/task").glob("*/stat"):
        with contextlib.suppress(OSError):
            if file.read_bytes().rpartition(b") ")[2].startswith(b"R"):
                return True
    return False


def _megabytes(pid: int, field: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = status.partition(f"{field}:")[2].split(maxsplit=1)
    return int(found[0]) / 1024 if found else 0.0
