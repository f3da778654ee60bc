"""`python -m tilt.embedded` as a person runs it, with small real servers in the place of subgraphs and router."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.backends import settings_of_free_shift, settings_on_free_ports
from tilt.embedded.process import REPOSITORY
from tilt.embedded.records import Identity
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import for_everybody

ROUTER = f"""#!{sys.executable}
import os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

HTTPServer((os.environ["ROUTER_HOST"], int(os.environ["ROUTER_PORT"])), Health).serve_forever()
"""


# Ten times what all of it takes on two cores that nobody else wants.
START_SECONDS = 240.0


class MeshProcess:
    """One mesh on its own ports and data, of this tree unless `tree` is set to another."""

    def __init__(self, folder: Path, given: Mapping[str, str]) -> None:
        self.tree = REPOSITORY
        self.settings: Settings = settings_on_free_ports(folder / "data")
        self.commands_file = folder / "commands"
        self.output_file = folder / "output"
        self._popen: subprocess.Popen[bytes] | None = None
        program = folder / "bin" / "hive-router"
        program.parent.mkdir()
        program.write_text(ROUTER)
        program.chmod(0o755)
        self.environment = {
            **os.environ,
            **addresses(self.settings),
            "MERCATO_SUBGRAPH_MODULE": "tests.integration.embedded.fake_subgraph",
            "MERCATO_COMMANDS_FILE": str(self.commands_file),
            "RELOAD": "0",  # whoever works in this tree does not disturb its tests
            "ROUTER": "hive-router",
            "HIVE_ROUTER": str(program),
            **given,
        }

    def move(self) -> None:
        """Leave all ports to MERCATO_PORTS, in place of a variable each."""
        self.settings = settings_of_free_shift(self.settings.mercato_data_dir)
        self.environment |= dict.fromkeys(addresses(self.settings), "")
        self.environment |= {
            "MERCATO_DATA_DIR": str(self.settings.mercato_data_dir),
            "MERCATO_PORTS": f"{self.settings.mercato_ports:+d}",
        }

    @property
    def other_terminal(self) -> dict[str, str]:
        """The environment of a terminal that knows of no setting, but for the folder."""
        return {**for_a_program(), "MERCATO_DATA_DIR": str(self.settings.mercato_data_dir)}

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    @property
    def pid(self) -> int:
        assert self._popen is not None
        return self._popen.pid

    def credentials(self) -> dict[str, str]:
        """The secrets of the mesh, each by the variable that it is told in; the path of the signing key is none."""
        kept = json.loads((self.settings.mercato_data_dir / "credentials.json").read_text())
        passwords = {f"{name.upper()}_DATABASE_URL": password for name, password in kept["database_passwords"].items()}
        others = {name.upper(): kept[name] for name in ("router_secret", "rpc_secret", "stripe_webhook_secret")}
        superuser = (self.settings.mercato_data_dir / "postgres" / "password").read_text()
        return {**passwords, **others, "POSTGRES_PASSWORD": superuser}

    def database_url(self, name: str) -> str:
        """What a subgraph is told of its database."""
        kept = json.loads((self.settings.mercato_data_dir / "credentials.json").read_text())
        password = kept["database_passwords"][name]
        return f"postgres://{name}:{password}@127.0.0.1:{self.settings.postgres_port}/{name}"

    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def processes(self) -> dict[str, Identity]:
        """What the mesh has on record."""
        file = self.settings.mercato_data_dir / "processes.json"
        entries = json.loads(file.read_text()) if file.exists() else {}
        return {name: Identity(entry["pid"], entry["started"]) for name, entry in entries.items()}

    async def up(self) -> None:
        """Start it, unless it runs, and wait until it says that it serves."""
        if self.is_running():
            return
        self.start()
        await until(lambda: "Mercato serves" in self.output or not self.is_running(), START_SECONDS)
        assert self.is_running(), self.output

    def start(self) -> None:
        """Start it, and wait for nothing."""
        command = [sys.executable, "-m", "tilt.embedded", "up"]
        with self.output_file.open("wb") as output:
            self._popen = subprocess.Popen(
                command, env=self.environment, cwd=self.tree, stdout=output, stderr=subprocess.STDOUT
            )

    async def reaches(self, moment: Callable[[], bool]) -> None:
        """Wait for a moment of its start."""
        await until(lambda: moment() or not self.is_running())
        assert self.is_running(), self.output

    def signal(self, number: signal.Signals) -> None:
        assert self._popen is not None
        self._popen.send_signal(number)

    async def ended(self) -> int:
        assert self._popen is not None
        await until(lambda: not self.is_running())
        return self._popen.wait()

    async def stop(self) -> None:
        """Stop it, if it runs."""
        if self.is_running():
            self.signal(signal.SIGTERM)
            await self.ended()

    async def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """Another command beside it, with its environment; its exit status and what it said."""
        return await typed("tilt.embedded", *command, tree=self.tree, environment={**self.environment, **environment})

    async def run_elsewhere(self, *command: str, **environment: str) -> tuple[int, str]:
        """The same in another terminal."""
        return await typed("tilt.embedded", *command, environment={**self.other_terminal, **environment})

    async def ask(self, subgraph: str) -> dict[str, Any]:
        """What a subgraph says of itself."""
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{self.settings.subgraphs[subgraph].url}/health/ready")
        return dict(answer.json())


async def typed(
    module: str, *arguments: str, environment: Mapping[str, str], tree: Path = REPOSITORY
) -> tuple[int, str]:
    """What `python -m module arguments` ends with, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        env=environment,
        cwd=tree,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


def for_a_program() -> dict[str, str]:
    """Of our environment what any program needs to run, and nothing that makes a mesh what it is."""
    return {name: value for name, value in for_everybody().items() if not name.startswith("MERCATO_")}


def addresses(settings: Settings) -> dict[str, str]:
    """The ports of a mesh as environment variables."""
    own = {"router_port", *(name for name in type(settings).model_fields if name.endswith("_port"))}
    values = {name.upper(): str(getattr(settings, name)) for name in own}
    for name, subgraph in settings.subgraphs.items():
        values |= {f"{name}_port".upper(): str(subgraph.port), f"{name}_grpc_port".upper(): str(subgraph.grpc_port)}
    return {**values, "MERCATO_DATA_DIR": str(settings.mercato_data_dir)}


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a condition of the outside world."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)
