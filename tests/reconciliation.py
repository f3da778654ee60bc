"""The last line of every test about money or stock: all books agree."""

import asyncio
from collections.abc import Mapping

from tests.command_line import command

SECONDS = 30.0


async def reconciled(environment: Mapping[str, str], *options: str) -> tuple[int, str]:
    """The exit status and the output of ``python -m subgraphs.payments reconcile``.

    Nothing is too young to be compared.
    """
    return await command(environment, "payments", "reconcile", "--settle-seconds", "0", *options)


async def assert_reconciled(environment: Mapping[str, str]) -> None:
    """Fails with the reconciler's table unless all books agree, now or once what is still on its way has arrived."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + SECONDS
    status, output = await reconciled(environment)
    while status != 0 and loop.time() < deadline:
        status, output = await reconciled(environment)
    assert status == 0, output
