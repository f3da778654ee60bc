"""Certificates that change while a subgraph runs: nobody notices, but those who are believed no more."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from shared.rpc.client import RpcClient
from shared.runtime.listening import listening
from shared.security.tls import Tls
from tests.backends import Backends
from tests.certificates import Certificates, until_shown
from tests.integration.shared.secured import InventoryPeer, Load, ask, call_peer, following, inventory_peer, secured
from tests.integration.shared.test_graceful_stop import reserve_request, stock, waits_for_a_lock
from tests.subgraphs import Running, eventually, fresh_environment, running
from tilt.embedded.ports import free_port

NAMES = ("router", "inventory", "orders")


async def test_certificates_change_under_load_and_no_request_fails(backends: Backends, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make(*NAMES)
    environment = secured(await fresh_environment(backends, "inventory", "kafka"), certificates.of("inventory"))
    load = Load()
    async with (
        running("inventory", environment, "serve") as process,
        following(certificates.of("router")) as router,
        following(certificates.of("orders")) as orders,
        inventory_peer(process, orders) as peer,
        load.of(lambda: ask(process, router.client_context()), lambda: call_peer(peer)),
    ):
        for _ in range(2):
            connection_before = peer.client
            await load.answers_more()
            await certificates.rotate(*NAMES)
            await until_both_show_the_new_one(process, certificates)
            await until_connected_anew(peer, connection_before)
        await load.answers_more()
    assert load.failures == []


async def until_connected_anew(peer: InventoryPeer, before: RpcClient) -> None:
    async def is_another() -> bool:
        return peer.client is not before

    await eventually(is_another, "the peer is called on a connection with the new certificate")


async def test_a_call_under_way_finishes_when_the_certificates_change(backends: Backends, tmp_path: Path) -> None:
    certificates = Certificates(tmp_path)
    await certificates.make(*NAMES)
    environment = secured(await fresh_environment(backends, "inventory", "kafka"), certificates.of("inventory"))
    blocker = await asyncpg.connect(environment["INVENTORY_DATABASE_URL"])
    variant_id = await stock(blocker)
    async with (
        running("inventory", environment, "serve") as process,
        following(certificates.of("orders")) as orders,
        inventory_peer(process, orders) as peer,
    ):
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("SELECT 1 FROM stock_items FOR UPDATE")
        connection_before = peer.client
        reserving = asyncio.create_task(peer.client.call(peer.stub.Reserve, reserve_request(variant_id), 30.0))
        await eventually(lambda: waits_for_a_lock(blocker), "the call is under way")
        await certificates.rotate(*NAMES)
        await until_connected_anew(peer, connection_before)
        await call_peer(peer)
        assert not reserving.done()
        await transaction.rollback()
        assert (await reserving).WhichOneof("outcome") == "reserved"
    await blocker.close()


async def until_both_show_the_new_one(process: Running, certificates: Certificates) -> None:
    context, folder = certificates.context("router"), certificates.of("inventory")
    context.set_alpn_protocols(["h2"])  # gRPC answers nobody else
    await until_shown(int(process.environment["INVENTORY_PORT"]), context, folder)
    await until_shown(int(process.environment["INVENTORY_GRPC_PORT"]), context, folder)


async def test_an_authority_is_replaced_under_load_and_the_old_one_is_believed_no_more(
    backends: Backends, tmp_path: Path
) -> None:
    certificates, stale = Certificates(tmp_path / "mesh"), tmp_path / "stale"
    await certificates.make(*NAMES)
    environment = secured(await fresh_environment(backends, "inventory", "kafka"), certificates.of("inventory"))
    load = Load()
    async with (
        running("inventory", environment, "serve") as process,
        following(certificates.of("router")) as router,
        following(certificates.of("orders")) as orders,
        inventory_peer(process, orders) as peer,
        load.of(lambda: ask(process, router.client_context()), lambda: call_peer(peer)),
    ):
        await certificates.rotate_authority()
        await until_both_are_trusted(process, certificates, router, orders)
        shutil.copytree(certificates.of("router"), stale)  # signed by the old authority, and trusts both
        port, context = int(process.environment["INVENTORY_PORT"]), Certificates(tmp_path).context("stale")
        session = await asyncio.to_thread(session_with, port, context)
        assert await asyncio.to_thread(is_resumed, port, context, session)
        await certificates.rotate(*NAMES)
        await until_both_show_the_new_one(process, certificates)
        await eventually(lambda: show_what_the_files_say(router, orders), "the clients show their new certificates")
        assert await ask(process, context) == "Query"
        await certificates.drop_old_authority()
        await until_rejected(process, context)
        await load.answers_more()
        with pytest.raises(OSError, match=r"."):
            await asyncio.to_thread(is_resumed, port, context, session)
    assert load.failures == []


async def until_both_are_trusted(process: Running, certificates: Certificates, *clients: Tls) -> None:
    """Waits until the subgraph answers somebody whom only the new authority signed, and the clients trust it too."""
    await certificates.make("newcomer")

    async def are_trusted() -> bool:
        return await is_answered(process, certificates.context("newcomer")) and trust_what_the_files_say(
            certificates, *clients
        )

    await eventually(are_trusted, "both authorities are trusted")


async def until_rejected(process: Running, context: ssl.SSLContext) -> None:
    async def is_rejected() -> bool:
        return not await is_answered(process, context)

    await eventually(is_rejected, "who was signed by the old authority is rejected")


def trust_what_the_files_say(certificates: Certificates, *clients: Tls) -> bool:
    return all(
        client.identity.authorities == (certificates.of("inventory") / "ca.crt").read_bytes() for client in clients
    )


async def show_what_the_files_say(*clients: Tls) -> bool:
    return all(client.identity.certificate == (client.folder / "tls.crt").read_bytes() for client in clients)


async def is_answered(process: Running, context: ssl.SSLContext) -> bool:
    try:
        return await ask(process, context) == "Query"
    except httpx.TransportError:
        return False


def session_with(port: int, context: ssl.SSLContext) -> ssl.SSLSession:
    """A session that a later connection may go on with."""
    with connection(port, context, None) as secure:
        assert secure.session
        return secure.session


def is_resumed(port: int, context: ssl.SSLContext, session: ssl.SSLSession) -> bool:
    """Whether a new connection goes on with a session; fails when it is rejected."""
    with connection(port, context, session) as secure:
        return bool(secure.session_reused)


def connection(port: int, context: ssl.SSLContext, session: ssl.SSLSession | None) -> ssl.SSLSocket:
    """A connection on which an answer was had, and so all that belongs to the handshake."""
    secure = context.wrap_socket(
        socket.create_connection(("127.0.0.1", port), 10), server_hostname="127.0.0.1", session=session
    )
    secure.sendall(b"GET / HTTP/1.1\r\nhost: inventory\r\n\r\n")
    if not secure.recv(1024):
        raise ConnectionResetError("rejected")
    return secure


def another_key(folder: Path) -> None:
    shutil.copy(folder.parent / "orders" / "tls.key", folder)


def no_authority(folder: Path) -> None:
    (folder / "ca.crt").unlink()


def expired(folder: Path) -> None:
    shutil.copytree(folder.parent / "late", folder, dirs_exist_ok=True)


@pytest.mark.parametrize("spoil", [another_key, no_authority, expired], ids=lambda spoil: spoil.__name__)
async def test_new_files_that_cant_be_used_are_named_once_and_the_old_ones_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None]
) -> None:
    certificates, port = Certificates(tmp_path), free_port()
    await certificates.make(*NAMES)
    await certificates.make("late", days=0)
    folder, context = certificates.of("inventory"), certificates.context("router")
    app = Starlette(routes=[Route("/", lambda _: PlainTextResponse("here"))])

    def rejections() -> list[str]:
        return [record.message for record in caplog.records if record.levelname == "ERROR"]

    async def is_rejected() -> bool:
        return bool(rejections())

    async with following(folder) as tls, listening(app, "127.0.0.1", port, asyncio.Event(), tls.server_context()):
        before = tls.identity
        shutil.copytree(folder, tmp_path / "kept")
        spoil(folder)
        await eventually(is_rejected, "the log names the files")
        async with httpx.AsyncClient(verify=context) as http:
            assert (await http.get(f"https://127.0.0.1:{port}/")).text == "here"
        assert tls.identity is before
        shutil.copytree(tmp_path / "kept", folder, dirs_exist_ok=True)
        await certificates.rotate("inventory")
        await until_shown(port, context, folder)
    assert len(rejections()) == 1
    assert str(folder) in rejections()[0]
