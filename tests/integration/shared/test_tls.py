"""Who may connect to a subgraph that has certificates, and what it says of certificates that it can't start with."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import grpc
import httpx
import pytest
import pytest_asyncio

from shared.errors import Unavailable
from shared.security.auth import TokenVerifier
from shared.security.tls import Tls
from tests.backends import Backends
from tests.certificates import SCRIPT, Certificates, client_context, published
from tests.identity import Issuer
from tests.integration.shared.secured import ask, call, secured
from tests.subgraphs import Running, fresh_environment, running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    made = Certificates(tmp_path_factory.mktemp("certificates"))
    await made.make("router", "inventory", "orders")
    await made.make("late", days=0)
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def stranger(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Another mesh, unknown here."""
    made = Certificates(tmp_path_factory.mktemp("stranger"))
    await made.make("router")
    return made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def subgraph(backends: Backends, certificates: Certificates) -> AsyncIterator[Running]:
    environment = await fresh_environment(backends, "inventory", "kafka")
    async with running("inventory", secured(environment, certificates.of("inventory")), "serve") as process:
        yield process


async def test_the_router_is_answered(subgraph: Running, certificates: Certificates) -> None:
    assert await ask(subgraph, certificates.context("router")) == "Query"


async def test_graphql_answers_nobody_without_a_certificate(subgraph: Running, certificates: Certificates) -> None:
    with pytest.raises(httpx.TransportError):
        await ask(subgraph, client_context(certificates.of("router"), None))


async def test_graphql_answers_no_stranger(
    subgraph: Running, certificates: Certificates, stranger: Certificates
) -> None:
    with pytest.raises(httpx.TransportError):
        await ask(subgraph, client_context(certificates.of("router"), stranger.of("router")))


async def test_graphql_answers_nobody_whose_certificate_has_expired(
    subgraph: Running, certificates: Certificates
) -> None:
    with pytest.raises(httpx.TransportError):
        await ask(subgraph, certificates.context("late"))


async def test_graphql_is_not_answered_without_tls(subgraph: Running) -> None:
    async with httpx.AsyncClient() as http:
        with pytest.raises(httpx.TransportError):
            await http.post(
                f"http://127.0.0.1:{subgraph.environment['INVENTORY_PORT']}/graphql", json={"query": "{ __typename }"}
            )


def credentials(trusted: Path, shown: Path | None) -> grpc.ChannelCredentials:
    authorities = (trusted / "ca.crt").read_bytes()
    if shown is None:
        return grpc.ssl_channel_credentials(authorities)
    return grpc.ssl_channel_credentials(authorities, (shown / "tls.key").read_bytes(), (shown / "tls.crt").read_bytes())


async def test_a_peer_is_answered(subgraph: Running, certificates: Certificates) -> None:
    answer = await call(subgraph, credentials(certificates.of("orders"), certificates.of("orders")))
    assert list(answer.differences) == []


@pytest.mark.parametrize("who", ["nobody in particular", "a stranger", "somebody who has expired"])
async def test_grpc_rejects_whom_it_cant_believe(
    subgraph: Running, certificates: Certificates, stranger: Certificates, who: str
) -> None:
    shown = {"a stranger": stranger.of("router"), "somebody who has expired": certificates.of("late")}.get(who)
    with pytest.raises(grpc.aio.AioRpcError) as rejected:
        await call(subgraph, credentials(certificates.of("orders"), shown))
    assert rejected.value.code() == grpc.StatusCode.UNAVAILABLE


async def test_keys_of_tokens_are_fetched_from_an_address_that_answers_the_mesh_alone(
    certificates: Certificates, issuer: Issuer
) -> None:
    tls = Tls(certificates.of("inventory"))
    async with published(issuer, Tls(certificates.of("orders"))) as jwks_url:
        principal = await TokenVerifier(jwks_url, "mercato", "mercato", tls).verify(
            issuer.token(scope="inventory:read")
        )
        assert principal.scopes == {"inventory:read"}
        with pytest.raises(Unavailable):
            await TokenVerifier(jwks_url, "mercato", "mercato").verify(issuer.token())


async def test_metrics_tell_when_the_certificate_expires(subgraph: Running, certificates: Certificates) -> None:
    process = await asyncio.create_subprocess_exec(
        *(
            "openssl",
            "x509",
            "-noout",
            "-enddate",
            "-dateopt",
            "iso_8601",
            "-in",
            str(certificates.of("inventory") / "tls.crt"),
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    told = await subgraph.metric("tls_certificate_expires_timestamp_seconds", file="tls.crt")
    date = await asyncio.create_subprocess_exec(
        "date", "-u", "-d", f"@{told:.0f}", "+notAfter=%Y-%m-%d %H:%M:%SZ", stdout=asyncio.subprocess.PIPE
    )
    assert (await date.communicate())[0] == said


def without_key(folder: Path, _: Certificates) -> None:
    (folder / "tls.key").unlink()


def another_key(folder: Path, certificates: Certificates) -> None:
    shutil.copy(certificates.of("orders") / "tls.key", folder)


def expired(folder: Path, certificates: Certificates) -> None:
    shutil.copytree(certificates.of("late"), folder, dirs_exist_ok=True)


def no_authority(folder: Path, certificates: Certificates) -> None:
    shutil.copy(certificates.of("orders") / "tls.crt", folder / "ca.crt")


def another_authority(folder: Path, _: Certificates) -> None:
    subprocess.run([SCRIPT, "make", "--directory", folder, "other"], check=True)
    shutil.copy(folder / "other" / "ca.crt", folder)


def garbage(folder: Path, _: Certificates) -> None:
    (folder / "tls.crt").write_text("certificate")


@pytest.mark.parametrize(
    ("spoil", "file", "reason"),
    [
        (without_key, "tls.key", "No such file or directory"),
        (another_key, "tls.key", "is not the key of tls.crt"),
        (expired, "tls.crt", "certificate has expired"),
        (no_authority, "ca.crt", "holds no certificate of an authority"),
        (another_authority, "tls.crt", "unable to get local issuer certificate (by ca.crt)"),
        (garbage, "tls.crt", "holds no certificate in PEM"),
    ],
    ids=lambda value: getattr(value, "__name__", "-"),
)
async def test_certificates_that_cant_be_used_stop_the_start_with_one_line(
    certificates: Certificates, tmp_path: Path, spoil: Callable[[Path, Certificates], None], file: str, reason: str
) -> None:
    shutil.copytree(certificates.of("inventory"), tmp_path, dirs_exist_ok=True)
    spoil(tmp_path, certificates)
    addresses = {
        "INVENTORY_DATABASE_URL": "postgres://any/any",
        "KAFKA_BOOTSTRAP_SERVERS": "any:9092",
        "REDIS_URL": "redis://any",
        "ROUTER_SECRET": "any",
        "RPC_SECRET": "any",
        "JWKS_URL": "http://any/keys",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "subgraphs.inventory", "serve"),
        env={**os.environ, **addresses, "TLS_DIR": str(tmp_path)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 78
    assert said.decode().splitlines() == [f"setting TLS_DIR: {tmp_path / file}: {reason}"]
