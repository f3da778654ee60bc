"""Certificates for tests, made as operators make them: by `scripts/certificates`."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from shared.runtime.listening import listening
from shared.security.tls import Tls
from tests.identity import Issuer
from tests.subgraphs import eventually
from tilt.embedded.ports import free_port, is_taken

SCRIPT = Path(__file__).parents[1] / "scripts" / "certificates"


@dataclass(frozen=True)
class Certificates:
    """A mesh's authority and what it has signed, in a folder that begins empty."""

    folder: Path

    async def make(self, *names: str, days: int = 90) -> None:
        await self._run("make", "--host", "127.0.0.1", "--days", str(days), *names)

    async def rotate(self, *names: str) -> None:
        await self._run("rotate", *names)

    async def rotate_authority(self) -> None:
        await self._run("rotate-ca")

    async def drop_old_authority(self) -> None:
        await self._run("rotate-ca", "--finish")

    def of(self, name: str) -> Path:
        """A process' TLS_DIR."""
        return self.folder / name

    def context(self, name: str) -> ssl.SSLContext:
        """For a client that trusts this authority and shows this certificate, whatever it is worth."""
        return client_context(self.of(name), self.of(name))

    async def _run(self, command: str, *arguments: str) -> None:
        status, said = await run_script(command, "--directory", str(self.folder), *arguments)
        assert status == 0, said


def client_context(trusted: Path, shown: Path | None) -> ssl.SSLContext:
    """For a client that trusts one folder's authorities and shows another one's certificate, or none."""
    context = ssl.create_default_context(cafile=str(trusted / "ca.crt"))
    if shown:
        context.load_cert_chain(shown / "tls.crt", shown / "tls.key")
    return context


async def run_script(*arguments: str) -> tuple[int, str]:
    """The exit status and all words of `scripts/certificates`."""
    process = await asyncio.create_subprocess_exec(
        str(SCRIPT), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


@contextlib.asynccontextmanager
async def published(issuer: Issuer, tls: Tls) -> AsyncIterator[str]:
    """An issuer's keys at an https address that answers the mesh alone."""
    async with httpx.AsyncClient() as http:
        keys = (await http.get(issuer.jwks_url)).json()
    app, port = Starlette(routes=[Route("/jwks.json", lambda _: JSONResponse(keys))]), free_port()
    async with listening(app, "127.0.0.1", port, asyncio.Event(), tls.server_context()):
        await eventually(lambda: asyncio.to_thread(is_taken, "127.0.0.1", port), "the keys are published")
        yield f"https://127.0.0.1:{port}/jwks.json"


async def shown_by(port: int, context: ssl.SSLContext) -> str:
    """The serial number of the certificate that a server shows a new client."""
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    certificate: dict[str, str] = writer.get_extra_info("peercert")
    writer.close()
    return certificate["serialNumber"]


async def until_shown(port: int, context: ssl.SSLContext, folder: Path) -> None:
    """Waits until a server shows the certificate of a folder."""
    serial = await serial_of(folder / "tls.crt")

    async def is_shown() -> bool:
        return await shown_by(port, context) == serial

    await eventually(is_shown, "the new certificate is shown")


async def serial_of(certificate: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        "openssl", "x509", "-in", str(certificate), "-noout", "-serial", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return said.decode().strip().removeprefix("serial=")
