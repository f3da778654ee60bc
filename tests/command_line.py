"""The subgraphs' own commands, each in a process of its own."""

import asyncio
import os
import sys
from collections.abc import Mapping


async def command(environment: Mapping[str, str], subgraph: str, *arguments: str) -> tuple[int, str]:
    """The exit status and the output of ``python -m subgraphs.<subgraph> <arguments>``."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"subgraphs.{subgraph}", *arguments),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()
