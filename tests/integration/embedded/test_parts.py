"""The parts of the embedded mesh that can be shown without starting one."""

import asyncio
import hashlib
import io
import json
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from tests.backends import settings_on_free_ports
from tests.integration.embedded.mesh_process import until
from tilt.embedded.errors import MeshError
from tilt.embedded.kafka.jars import Jar, class_path, locked_jars
from tilt.embedded.preflight import check_folder
from tilt.embedded.process import Process
from tilt.embedded.records import Identity, Records, identity_of
from tilt.embedded.screen import Screen
from tilt.embedded.service import Service
from tilt.embedded.supervisor import Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def jar_of(content: bytes) -> Jar:
    return Jar("org.example", "thing", "1.0", hashlib.sha256(content).hexdigest())


def test_every_jar_is_locked_with_a_checksum() -> None:
    jars = locked_jars()
    assert {"kafka_2.13-4.1.0.jar", "slf4j-simple-1.7.36.jar"} <= {jar.file_name for jar in jars}
    assert all(len(jar.sha256) == 64 for jar in jars)


def test_a_jar_that_was_changed_is_rejected(tmp_path: Path) -> None:
    jar = jar_of(b"as locked")
    (tmp_path / jar.file_name).write_bytes(b"as locked")
    assert class_path(tmp_path, [jar]) == str(tmp_path / jar.file_name)
    (tmp_path / jar.file_name).write_bytes(b"tampered with")
    with pytest.raises(MeshError, match=r"is not the thing-1\.0\.jar of jgo\.lock\.toml"):
        class_path(tmp_path, [jar])


def test_a_fetched_jar_with_another_content_never_reaches_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "maven" / "org" / "example" / "thing" / "1.0"
    local.mkdir(parents=True)
    monkeypatch.setenv("M2_REPO", str(tmp_path / "maven"))
    jar = jar_of(b"as locked")
    (local / jar.file_name).write_bytes(b"tampered with")
    with pytest.raises(MeshError, match=r"is not the thing-1\.0\.jar"):
        class_path(tmp_path / "store", [jar])
    assert list((tmp_path / "store").iterdir()) == []
    (local / jar.file_name).write_bytes(b"as locked")
    class_path(tmp_path / "store", [jar])
    assert [path.name for path in (tmp_path / "store").iterdir()] == [jar.file_name]


def test_a_full_disk_is_told_before_anything_starts(tmp_path: Path) -> None:
    settings = settings_on_free_ports(tmp_path / "data")
    check_folder(settings, least_free=1)
    with pytest.raises(MeshError, match="MB are needed"):
        check_folder(settings, least_free=2**60)


def test_a_folder_that_others_use_is_not_taken_from_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    with pytest.raises(MeshError, match="is for everybody"):
        check_folder(settings_on_free_ports(tmp_path))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_leftovers_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    ours, stranger = (subprocess.Popen(SLEEP) for _ in range(2))
    file = tmp_path / "processes.json"
    records = Records(file)
    records.put("ours", ours.pid)
    records.put("stranger", stranger.pid)
    # As if what is on record had ended, and its process id had been given to a stranger since.
    entries = json.loads(file.read_text())
    entries["stranger"]["started"] = "earlier"
    file.write_text(json.dumps(entries))

    assert asyncio.run(Records(file).end_leftovers()) == ["ours"]
    assert ours.wait() == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


async def test_who_does_not_stop_is_made_to(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    process = Process(name="deaf", log=tmp_path / "log", command=[sys.executable, "-c", deaf], stop_seconds=0.1)
    process.start()
    await until(lambda: "deaf" in process.last_lines())
    await process.stop()
    assert await process.exited() == -signal.SIGKILL


def test_an_identity_is_not_alive_after_its_process() -> None:
    process = subprocess.Popen(SLEEP)
    identity = identity_of(process.pid)
    assert identity is not None
    assert identity.is_alive()
    process.kill()
    process.wait()
    assert not identity.is_alive()
    assert not Identity(process.pid, "earlier").is_alive()


@dataclass
class ShortLived(Service):
    """Serves once, and then dies again and again."""

    log: Path
    starts: int = 0
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        self.process = Process(name="short-lived", log=self.log)

    async def start(self) -> None:
        self.starts += 1
        self.process.command = SLEEP if self.starts == 1 else [sys.executable, "-c", "raise SystemExit('not now')"]
        self.process.start()

    async def check(self) -> None:
        if self.process.pid is None or self.starts > 1:
            raise MeshError("it does not serve")


async def test_a_service_that_keeps_dying_is_started_less_and_less_often(tmp_path: Path) -> None:
    output = io.StringIO()
    screen = Screen(Console(file=output, width=200))
    supervisor, service = Supervisor(Records(tmp_path / "processes.json"), screen), ShortLived(tmp_path / "log")
    await supervisor.run(service)
    assert service.process.pid is not None
    service.process.signal(signal.SIGKILL)
    await until(lambda: "in 2 s" in output.getvalue())
    await asyncio.wait_for(supervisor.stop([[service]]), 30)
    said = [line for line in output.getvalue().splitlines() if "starting it again" in line]
    assert said == [
        "short-lived died (SIGKILL); starting it again in 0.5 s",
        "short-lived died (exit status 1); starting it again in 1 s",
        "short-lived died (exit status 1); starting it again in 2 s",
    ]
    assert "not now" in output.getvalue()
