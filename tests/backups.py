"""The operator's scripts that save and fill databases, and databases to save."""

import asyncio
import os
import sys
from collections.abc import Mapping

from tests.backends import Backends
from tests.subgraphs import fresh_environment
from tilt.embedded.subgraphs import SUBGRAPHS

SECONDS = 240.0


async def command(script: str, environment: Mapping[str, str], *arguments: str) -> tuple[int, str]:
    """The exit status and the output of ``scripts/<script>.py``."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, f"scripts/{script}.py", *arguments),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    assert process.returncode is not None
    return process.returncode, output.decode()


async def migrated_databases(backends: Backends, *subgraphs: str) -> dict[str, str]:
    """The setting that names a fresh database with all its tables, for each of these subgraphs or of all."""
    names = subgraphs or SUBGRAPHS
    variables = [f"{name.upper()}_DATABASE_URL" for name in names]
    return {
        variable: (await fresh_environment(backends, name))[variable]
        for name, variable in zip(names, variables, strict=True)
    }
