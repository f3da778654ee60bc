"""The mesh with the component mutual-tls: whoever has no certificate of ours gets no handshake."""

import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tests.cluster.inside import STRANGER
from tests.cluster.kubectl import output_of
from tests.cluster.mesh import Mesh
from tests.cluster.overlay import REPOSITORY, of_pod

pytestmark = pytest.mark.cluster

_CERTIFICATES = str(REPOSITORY / "scripts" / "certificates")
_EXPIRED = "orders-tls-expired"


@pytest_asyncio.fixture(scope="module")
async def secured(mesh: Mesh) -> AsyncIterator[Mesh]:
    """The mesh with certificates that scripts/certificates made."""
    before = mesh.release
    await output_of(_CERTIFICATES, "make", "--namespace", before.namespace)
    mesh.release = replace(before, components=["mutual-tls/wiring"])
    await mesh.restore()
    try:
        yield mesh
    finally:
        mesh.release = before
        await mesh.restore()


async def test_demonstration_passes_with_mutual_tls(secured: Mesh) -> None:
    async with secured.demonstration() as demonstrate:
        assert "All of it happened." in await demonstrate()
    await secured.reconcile()


async def test_pod_without_a_certificate_gets_no_handshake(secured: Mesh) -> None:
    for name, scheme in (("orders", "http"), ("orders", "https"), ("inventory", "https")):
        answers = json.loads(await secured.kubectl.run_program("pod/shoppers", STRANGER, scheme, name))
        assert not answers["graphql"].startswith("HTTP"), f"{name}: {answers}"
        assert answers["grpc"].startswith("UNAVAILABLE"), f"{name}: {answers}"


async def test_expired_certificate_is_told_and_the_previous_version_goes_on(secured: Mesh) -> None:
    await _make_expired(secured)
    volume = {"name": "tls", "secret": {"secretName": _EXPIRED}}
    await secured.apply(secured.release.with_patches(of_pod("orders-serve", {"volumes": [volume]})))
    await secured.explained(
        lambda: _says(secured, "certificate has expired"), "a pod says that its certificate has expired", 60
    )
    async with secured.demonstration() as demonstrate:
        await demonstrate()
    assert len(await secured.ready_pods("orders-serve")) == 2
    await secured.apply(secured.release)
    await secured.rolled_out(["orders-serve"])


async def _make_expired(mesh: Mesh) -> None:
    with tempfile.TemporaryDirectory(prefix="mercato-certificates-") as folder:
        await output_of(_CERTIFICATES, "make", "--directory", folder, "--days", "0", "orders")
        files = [f"--from-file={name}={folder}/orders/{name}" for name in ("tls.crt", "tls.key", "ca.crt")]
        await mesh.kubectl.run("create", "secret", "generic", _EXPIRED, *files)


async def _says(mesh: Mesh, text: str) -> bool:
    return any([text in await mesh.logs(pod) for pod in await mesh.pods("orders-serve") if not pod.is_ready])
