"""What must be so before anything is started; each complaint is one line that says what to do."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.embedded.ports import LOOPBACK, is_taken, listener_of
from tilt.embedded.private_folder import make_private
from tilt.embedded.process import REPOSITORY
from tilt.embedded.settings import Settings

LEAST_FREE_BYTES = 500 * 1024 * 1024
LEAST_NODE_VERSION = 20


def check_folder(settings: Settings, least_free: int = LEAST_FREE_BYTES) -> None:
    """The data folder can be written, is ours alone, and its disk has room."""
    folder = settings.mercato_data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise MeshError(f"{folder} cannot be created ({error.strerror}). Choose another: MERCATO_DATA_DIR=...") from None
    if not os.access(folder, os.W_OK):
        raise MeshError(f"{folder} cannot be written by this user. Choose another: MERCATO_DATA_DIR=...")
    make_private(folder)
    free = shutil.disk_usage(folder).free
    if free < least_free:
        raise MeshError(
            f"Only {free // 2**20} MB are free where {folder} is; {least_free // 2**20} MB are needed. "
            "Free some, or choose another disk: MERCATO_DATA_DIR=..."
        )


def router_command(settings: Settings) -> list[str]:
    """The router's program, there and recent enough."""
    if settings.router == "hive-router":
        binary = shutil.which("hive-router") or shutil.which("hive_router")
        if binary is None:
            raise MeshError("ROUTER=hive-router, but no hive-router is on the PATH: install it, or leave ROUTER unset.")
        return [binary]
    node = shutil.which("node")
    if node is None:
        raise MeshError(f"node is missing: install Node.js {LEAST_NODE_VERSION} or later.")
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip()  # noqa: S603
    found = re.match(r"v(\d+)", version)
    if found is None or int(found[1]) < LEAST_NODE_VERSION:
        raise MeshError(f"{node} is {version or 'broken'}: install Node.js {LEAST_NODE_VERSION} or later.")
    if not (REPOSITORY / "router" / "node_modules").is_dir():
        raise MeshError("The router's packages are not installed: run `make install`.")
    return [node, "--max-old-space-size=256", "--max-semi-space-size=8", "src/main.js"]


def check_ports(settings: Settings) -> None:
    """Nobody else listens where we are going to."""
    for variable, host, port in ports_wanted(settings):
        if is_taken(host, port):
            raise MeshError(
                f"Port {port} is taken by {listener_of(port)}. Stop that, or choose another port: {variable}={port + 10000} make up"
            )


def ports_wanted(settings: Settings) -> Iterator[tuple[str, str, int]]:
    """The variable, the address and the port of everything that will listen."""
    yield "ROUTER_PORT", settings.router_host, settings.router_port
    yield "ROUTER_METRICS_PORT", settings.router_host, settings.router_metrics_port
    for name, subgraph in settings.subgraphs.items():
        yield f"{name.upper()}_PORT", subgraph.host, subgraph.port
        yield f"{name.upper()}_GRPC_PORT", subgraph.host, subgraph.grpc_port
    embedded = {
        "POSTGRES_PORT": settings.needs_postgres,
        "KAFKA_PORT": settings.kafka_bootstrap_servers is None,
        "KAFKA_CONTROLLER_PORT": settings.kafka_bootstrap_servers is None,
        "VALKEY_PORT": settings.redis_url is None,
        "LOCALSTRIPE_PORT": settings.stripe_api_base is None,
        "MAILBOX_PORT": settings.smtp_url is None,
        "MAILBOX_SMTP_PORT": settings.smtp_url is None,
    }
    for variable in (name for name, wanted in embedded.items() if wanted):
        yield variable, LOOPBACK, getattr(settings, variable.lower())


def rotate_logs(folder: Path) -> None:
    """Start each log anew and keep the one before: they never hold more than two runs."""
    folder.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        log.replace(log.with_suffix(".log.1"))
