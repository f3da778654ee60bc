"""A version of a subgraph, which may run beside the one that it takes over from."""

from collections.abc import Mapping

from tilt.embedded.errors import MeshError
from tilt.embedded.http import expect_ok
from tilt.embedded.ports import free_port
from tilt.embedded.prefork_client import ForkedProcess, PreforkService
from tilt.embedded.process import REPOSITORY
from tilt.embedded.reloading.composition import contract_of
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.reasons import log_length, reason_since
from tilt.embedded.services import Subgraph, subgraph_command
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import for_subgraph

READY_SECONDS = 20.0
# Python takes a file that is saved twice within a second for the same one if its bytecode is there.
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}


class Version(Subgraph):
    """A subgraph as its files are when it starts; it has a port of its own beside those that versions share."""

    def __init__(
        self, name: str, prefork_server: PreforkService, settings: Settings, environment: Mapping[str, str]
    ) -> None:
        super().__init__(name, prefork_server, settings, environment)
        self.contract = ""  # its SDL, once it was started
        port = free_port()
        self._own_url = f"http://{settings.subgraphs[name].host}:{port}"
        self.process.environment = {**self.process.environment, "VERSION_PORT": str(port)}

    async def start(self) -> None:
        self.contract = contract_of(self.name)
        await super().start()

    async def check(self) -> None:
        await expect_ok(f"{self._own_url}/health/ready")

    def is_told(self, environment: Mapping[str, str]) -> bool:
        """Whether it was started with what the mesh has to tell it now."""
        return for_subgraph(self.name, environment).items() <= dict(self.process.environment).items()


async def first_version(parts: Parts, name: str) -> None:
    """Start a subgraph that does not run yet.

    Raises:
        MeshError: when it does not get ready, in one line.
    """
    version = _version(parts, name)
    begun = log_length(version.process.log)
    try:
        await parts.supervisor.start(version)
    except MeshError as error:
        await version.stop()
        raise MeshError(_in_one_line(error, version.process, begun)) from error
    parts.subgraphs.append(version)


async def next_version(parts: Parts, old: Subgraph) -> None:
    """Have a subgraph run as its files are now, once that has proven to work; nothing is interrupted.

    Raises:
        MeshError: when it does not get ready, in one line; the version before it goes on.
    """
    version = _version(parts, old.name)
    begun = log_length(version.process.log)
    try:
        await parts.supervisor.replace(old, version, READY_SECONDS)
    except MeshError as error:
        raise MeshError(_in_one_line(error, version.process, begun)) from error
    parts.subgraphs[parts.subgraphs.index(old)] = version


async def run_command(parts: Parts, name: str, command: str) -> None:
    """Run a command of a subgraph to its end.

    Raises:
        MeshError: when it fails, in one line.
    """
    process = subgraph_command(name, command, parts.prefork_server, parts.settings, parts.environment)
    process.environment = {**process.environment, **NO_BYTECODE}
    begun = log_length(process.log)
    await process.start()
    if await process.exited() != 0:
        raise MeshError(f"`{command}` failed: {reason_since(process.log, begun, REPOSITORY)}")


def _version(parts: Parts, name: str) -> Version:
    version = Version(name, parts.prefork_server, parts.settings, parts.environment)
    version.process.environment = {**version.process.environment, **NO_BYTECODE}
    return version


def _in_one_line(error: MeshError, process: ForkedProcess, begun: int) -> str:
    what = str(error).partition(". The end of ")[0].removeprefix(f"{process.name} ")
    return f"it {what}: {reason_since(process.log, begun, REPOSITORY)}"
