"""Which processes are ours: written down as they start, so that a killed supervisor's successor can clean up.

A process id alone proves nothing, since ids are used again; together with the moment of its start it is unique.
"""

import asyncio
import json
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
TERMINATE_SECONDS = 20.0
POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Identity:
    """A process that cannot be mistaken for another."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        return identity_of(self.pid) == self

    def send(self, number: signal.Signals) -> None:
        """Signal it, unless it is gone or its id belongs to somebody else by now."""
        try:
            process = psutil.Process(self.pid)
            if self.is_alive():
                process.send_signal(number)
        except psutil.NoSuchProcess:
            pass

    async def end(self, polite: signal.Signals, seconds: float = TERMINATE_SECONDS) -> None:
        """Have it stop, by force if it must be; return when it is gone."""
        self.send(polite)
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > deadline:
                self.send(signal.SIGKILL)
            await asyncio.sleep(POLL_SECONDS)


def identity_of(pid: int) -> Identity | None:
    """Who runs under a process id now; nobody if there is none, or only a zombie."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return Identity(pid, start_of(process))
    except psutil.NoSuchProcess:
        return None


def start_of(process: psutil.Process) -> str:
    """When a process started; on Linux in ticks since the boot, which do not move when the clock is set."""
    if not BOOT_ID.exists():
        return f"{process.create_time():.2f}"
    try:
        # The name of the program comes second, in brackets, and may itself hold spaces and brackets.
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(process.pid) from None
    return f"{BOOT_ID.read_text().strip()}/{fields[19]}"


class Records:
    """The file with the processes of one mesh."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries: dict[str, tuple[Identity, signal.Signals]] = {}

    def put(self, name: str, pid: int | None, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        """Note a process that was just started."""
        identity = identity_of(pid) if pid is not None else None
        if identity is not None:
            self._entries[name] = (identity, stop_signal)
            self._write()

    def rename(self, name: str, wanted: str) -> None:
        """Put a process under another name; the one that stood there is noted no more."""
        if name in self._entries:
            self._entries[wanted] = self._entries.pop(name)
            self._write()

    def forget_gone(self) -> None:
        """Note only those that run."""
        self._entries = {name: entry for name, entry in self._entries.items() if entry[0].is_alive()}
        self._write()

    def clear(self) -> None:
        """All of them are gone."""
        self._entries.clear()
        self._file.unlink(missing_ok=True)

    def running(self) -> dict[str, Identity]:
        """Those on file that run."""
        return {name: identity for name, (identity, _) in self._read().items() if identity.is_alive()}

    async def end_leftovers(self) -> list[str]:
        """End what a supervisor left behind that was killed; their names."""
        left = {name: entry for name, entry in self._read().items() if entry[0].is_alive()}
        await asyncio.gather(*(identity.end(polite) for identity, polite in left.values()))
        self.clear()
        return sorted(left)

    def _read(self) -> dict[str, tuple[Identity, signal.Signals]]:
        if not self._file.exists():
            return {}
        entries = json.loads(self._file.read_text())
        return {
            name: (Identity(entry["pid"], entry["started"]), signal.Signals(entry["stop_signal"]))
            for name, entry in entries.items()
        }

    def _write(self) -> None:
        entries = {name: {**asdict(who), "stop_signal": int(how)} for name, (who, how) in self._entries.items()}
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(json.dumps(entries, indent=2))
        unfinished.replace(self._file)
