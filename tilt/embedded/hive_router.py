"""Which Hive Router `ROUTER=hive-router make up` runs.

It is what HIVE_ROUTER names, ours from `router/hive/`, or one of the PATH.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tilt.embedded.errors import MeshError
from tilt.embedded.process import REPOSITORY

BUILD = REPOSITORY / "router" / "hive" / "build"
STOCK = (
    "Hive Router is the stock one of the PATH:"
    " it has no /metrics, lets through what ours refuses and answers some errors otherwise"
    ' (router/README.md, "Where Hive Router differs").'
)
MISSING = (
    "ROUTER=hive-router, but ours was not built and no hive-router is on the PATH:"
    " install Rust 1.97 or later, name a binary by"
    " HIVE_ROUTER=..., or leave ROUTER unset."
)


@dataclass(frozen=True)
class HiveRouter:
    """A binary, and whether it is ours."""

    binary: Path
    is_ours: bool = True


def find_hive_router(named: Path | None, log: Path, say: Callable[[str], None]) -> HiveRouter:
    """The named one, or ours, which is built if it can be, or that of the PATH, of which is said what it lacks.

    Raises:
        MeshError: when there is none.
    """
    if named is not None:
        if not os.access(named, os.X_OK) or named.is_dir():
            raise MeshError(f"HIVE_ROUTER={named} is no program.")
        return HiveRouter(named)
    if ours := built_before() or built_now(log, say):
        return HiveRouter(ours)
    stock = shutil.which("hive-router") or shutil.which("hive_router")
    if stock is None:
        raise MeshError(MISSING)
    say(STOCK)
    return HiveRouter(Path(stock), is_ours=False)


def built_before() -> Path | None:
    """Our binary, when it was built from these very sources."""
    return path_of(subprocess.run([sys.executable, str(BUILD), "--built"], capture_output=True, text=True))  # noqa: S603


def built_now(log: Path, say: Callable[[str], None]) -> Path | None:
    """Our binary, after building it; None where there is no Rust."""
    if shutil.which("cargo") is None:
        return None
    say(f"Building our Hive Router: 20 to 30 minutes the first time, a minute after changes of it. How it goes: {log}")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run([sys.executable, str(BUILD)], stdout=subprocess.PIPE, stderr=output, text=True)  # noqa: S603
    if done.returncode:
        say(f"It can't be built: {(log.read_text().splitlines() or ['no word why'])[-1]}")
    return path_of(done)


def path_of(build: "subprocess.CompletedProcess[str]") -> Path | None:
    """What a build prints last."""
    lines = build.stdout.splitlines()
    return Path(lines[-1]) if build.returncode == 0 and lines else None
