"""How another terminal asks a running mesh for something: one line each way over a socket of the data folder.

The folder and the socket are their owner's alone, so who can ask may.
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from tilt.embedded.errors import MeshError

SOCKET = "asked"

Answer = Callable[[str], Awaitable[str]]


@asynccontextmanager
async def answering(folder: Path, restart: Answer) -> AsyncIterator[None]:
    """While this is open, whoever may enter the folder can ask for a restart."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = {"done": await restart((await reader.readline()).decode().strip())}
        except MeshError as error:
            said = {"failed": str(error)}
        writer.write(json.dumps(said).encode() + b"\n")
        writer.close()

    with _short(folder) as path:
        server = await asyncio.start_unix_server(answer, path)
        (folder / SOCKET).chmod(0o600)
    try:
        yield
    finally:
        server.close()
        (folder / SOCKET).unlink(missing_ok=True)


def ask_for_restart(folder: Path, name: str) -> str:
    """Have the mesh of a data folder restart a service; what it says when that is healthy again.

    Raises:
        MeshError: with what it says otherwise, or when none answers.
    """
    with socket.socket(socket.AF_UNIX) as asked, _short(folder) as path:
        try:
            asked.connect(path)
        except OSError:
            raise MeshError("The mesh is only starting, or stopping: ask again when it serves.") from None
        asked.sendall(f"{name}\n".encode())
        line = asked.makefile().readline()
    if not line:
        raise MeshError("The mesh stopped before it was done.")
    said: dict[str, str] = json.loads(line)
    if "failed" in said:
        raise MeshError(said["failed"])
    return said["done"]


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """A path of the socket that fits into the 100 bytes that there are for it, however deep the folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        numbered = Path(f"/proc/self/fd/{opened}")
        yield str((numbered if numbered.exists() else folder) / SOCKET)
    finally:
        os.close(opened)
