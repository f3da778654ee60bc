"""The last line of every test about money or stock: all books agree."""

import asyncio
import os
import sys
from collections.abc import Mapping

SECONDS = 30.0


async def reconciled(environment: Mapping[str, str], *options: str) -> tuple[int, str]:
    """The exit status and the output of ``python -m subgraphs.payments reconcile``.

    Nothing is too young to be compared.
    """
    command = (sys.executable, "-m", "subgraphs.payments", "reconcile", "--settle-seconds", "0", *options)
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def assert_reconciled(environment: Mapping[str, str]) -> None:
    """Fails with the reconciler's table unless all books agree, now or once what is still on its way has arrived."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SECONDS
    status, output = await reconciled(environment)
    while status != 0 and loop.time() < deadline:
        status, output = await reconciled(environment)
    assert status == 0, output
