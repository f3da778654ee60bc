"""A service that is to take over from another one and can't."""

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tilt.embedded.errors import MeshError
from tilt.embedded.process import Process
from tilt.embedded.records import Records
from tilt.embedded.screen import Screen
from tilt.embedded.service import Service
from tilt.embedded.supervisor import Supervisor


class Sleeper(Service):
    """A process that only lives; healthy or not, as it is told."""

    def __init__(self, folder: Path, healthy: bool) -> None:
        command = [sys.executable, "-c", "import signal; signal.pause()"]
        self.process: Process = Process(name="sleeper", log=folder / "sleeper.log", command=command)
        self._healthy = healthy

    async def start(self) -> None:
        self.process.start()

    async def check(self) -> None:
        if not self._healthy:
            raise MeshError("not yet")


async def test_a_version_that_does_not_get_ready_in_time_is_ended_and_the_one_before_goes_on(tmp_path: Path) -> None:
    records = Records(tmp_path / "processes.json")
    supervisor = Supervisor(records, Screen(Console(file=io.StringIO())))
    old, new = Sleeper(tmp_path, healthy=True), Sleeper(tmp_path, healthy=False)
    await supervisor.start(old)
    try:
        with pytest.raises(MeshError, match="sleeper does not answer after"):
            await supervisor.replace(old, new, seconds=0.1)
        assert (old.process.pid is not None, new.process.pid) == (True, None)
        assert {name: who.pid for name, who in records.running().items()} == {"sleeper": old.process.pid}
    finally:
        await supervisor.stop([[old]])
