"""What must be so before anything is started; each complaint is one line that says what to do."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.embedded.hive_router import find_hive_router
from tilt.embedded.ports import LOOPBACK
from tilt.embedded.private_folder import make_private
from tilt.embedded.process import REPOSITORY
from tilt.embedded.settings import Settings
from tilt.embedded.slices import slice_of

LEAST_FREE_BYTES = 500 * 1024 * 1024
LEAST_NODE_VERSION = 20
WHOLE, SMALL = 8, 1  # megabytes of the router's young generation, in a whole mesh and in a slice


def check_folder(settings: Settings, least_free: int = LEAST_FREE_BYTES) -> None:
    """The data folder can be written, is ours alone, and its disk has room."""
    folder = settings.mercato_data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MeshError(
            f"{folder} cannot be created ({error.strerror}). Choose another: MERCATO_DATA_DIR=..."
        ) from None
    if not os.access(folder, os.W_OK):
        raise MeshError(f"{folder} cannot be written by this user. Choose another: MERCATO_DATA_DIR=...")
    make_private(folder)
    free = shutil.disk_usage(folder).free
    if free < least_free:
        raise MeshError(
            f"Only {free // 2**20} MB are free where {folder} is; {least_free // 2**20} MB are needed. "
            "Free some, or choose another disk: MERCATO_DATA_DIR=..."
        )


@dataclass(frozen=True)
class RouterProgram:
    """How the router is run, and whether it answers Prometheus."""

    command: list[str]
    has_metrics: bool = True


def router_program(settings: Settings, say: Callable[[str], None]) -> RouterProgram:
    """The router's program, there and recent enough; what a person should know of it is said."""
    if settings.router == "hive-router":
        hive = find_hive_router(settings.hive_router, settings.log_folder / "hive-router-build.log", say)
        return RouterProgram([str(hive.binary)], has_metrics=hive.is_ours)
    return RouterProgram(node_command(WHOLE if slice_of(settings).is_whole else SMALL))


def node_command(young_megabytes: int) -> list[str]:
    """Of the Node router, with so much room for what is young: less is smaller, more is faster under load."""
    node = shutil.which("node")
    if node is None:
        raise MeshError(f"node is missing: install Node.js {LEAST_NODE_VERSION} or later.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()  # noqa: S603
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < LEAST_NODE_VERSION:
        raise MeshError(f"{node} is {version or 'broken'}: install Node.js {LEAST_NODE_VERSION} or later.")
    if not (REPOSITORY / "router" / "node_modules").is_dir():
        raise MeshError("The router's packages are not installed: run `make install`.")
    return [node, "--max-old-space-size=256", f"--max-semi-space-size={young_megabytes}", "src/main.js"]


def ports_wanted(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """The variable, the address and the port of everything that will listen."""
    part = slice_of(settings)
    needed = part.backends()
    yield "ROUTER_PORT", settings.router_host, settings.router_port
    yield "ROUTER_METRICS_PORT", settings.router_host, settings.router_metrics_port
    for name, subgraph in settings.subgraphs.items():
        yield f"{name.upper()}_PORT", subgraph.host, subgraph.port
        if name in part.real:
            yield f"{name.upper()}_GRPC_PORT", subgraph.host, subgraph.grpc_port
    embedded = {
        "POSTGRES_PORT": settings.needs_postgres,
        "KAFKA_PORT": settings.kafka_bootstrap_servers is None,
        "KAFKA_CONTROLLER_PORT": settings.kafka_bootstrap_servers is None,
        "VALKEY_PORT": settings.redis_url is None,
        "LOCALSTRIPE_PORT": settings.stripe_api_base is None and "localstripe" in needed,
        "MAILBOX_PORT": settings.smtp_url is None and "mailbox" in needed,
        "MAILBOX_SMTP_PORT": settings.smtp_url is None and "mailbox" in needed,
    }
    for variable in (name for name, wanted in embedded.items() if wanted):
        yield variable, LOOPBACK, getattr(settings, variable.lower())


def rotate_logs(folder: Path) -> None:
    """Start each log anew and keep the one before: they never hold more than two runs."""
    folder.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        log.replace(log.with_suffix(".log.1"))
