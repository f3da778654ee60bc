"""Routers and subgraphs that know each other by certificates, which change while they run."""

import asyncio
import contextlib
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
import pytest

from shared.security.tls import Tls
from tests.certificates import SCRIPT, Certificates, published, until_shown
from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import NODE, Double, Kind, Router, double, router_environment
from tests.integration.router.processes import router as running_router
from tests.integration.router.test_lifecycle import start_with
from tests.integration.shared.secured import Load
from tests.subgraphs import eventually
from tilt.embedded.ports import free_port

NAMES = ("router", "products", "test")
TITLES = "{ products(first: 1) { nodes { title } } }"
STOCK = "{ products(first: 1) { nodes { defaultVariant { stock { available } } } } }"
ME = "{ me { name } }"


@pytest.fixture
async def certificates(tmp_path: Path) -> Certificates:
    made = Certificates(tmp_path / "certificates")
    await made.make(*NAMES)
    return made


def secured(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a router that has certificates: Hive Router is told a file a setting."""
    files = {"TLS_CA_FILE": "ca.crt", "TLS_CERT_FILE": "tls.crt", "TLS_KEY_FILE": "tls.key"}
    return {
        **environment,
        "TLS_DIR": str(folder),
        **{setting: str(folder / name) for setting, name in files.items()},
        "ROUTER_CONFIG_FILE_PATH": "router.tls.config.yaml",
    }


async def test_subgraphs_are_asked_with_the_routers_certificate(
    kind: Kind, certificates: Certificates, issuer: Issuer
) -> None:
    await certificates.make("inventory")
    async with (
        double("products", certificates=certificates) as products,
        double("inventory", certificates=certificates) as inventory,
    ):
        environment = router_environment(issuer.jwks_url, {"products": products, "inventory": inventory})
        async with running_router(kind, secured(certificates.of("router"), environment)) as router:
            answer = await router.ask(STOCK)
    assert answer == {"data": {"products": {"nodes": [{"defaultVariant": {"stock": {"available": 7}}}]}}}


async def test_a_subgraph_of_another_authority_is_not_believed(
    kind: Kind, certificates: Certificates, issuer: Issuer, tmp_path: Path
) -> None:
    strangers = Certificates(tmp_path / "strangers")
    await strangers.make("products", "test")
    async with double("products", certificates=strangers) as products:
        environment = router_environment(issuer.jwks_url, {"products": products})
        async with running_router(kind, secured(certificates.of("router"), environment)) as router:
            answer = await router.ask('{ product(slug: "any") { title } }')
        assert answer["data"] == {"product": None}
        assert await products.received() == []


async def test_everybodys_certificate_changes_under_load_and_no_request_fails(
    kind: Kind, certificates: Certificates, issuer: Issuer
) -> None:
    async with double("products", certificates=certificates) as products:
        environment = router_environment(issuer.jwks_url, {"products": products})
        async with running_router(kind, secured(certificates.of("router"), environment)) as router:
            load = Load()
            async with load.of(*[lambda: succeeds(router, TITLES)] * 3):
                for _ in range(2):
                    await load.answers_more()
                    await certificates.rotate()
                    await until_shown(port_in(products.url), certificates.context("test"), certificates.of("products"))
                    await load.answers_more(100)
    assert load.failures == []


async def test_an_authority_is_replaced_under_load_and_no_request_fails(
    kind: Kind, certificates: Certificates, issuer: Issuer
) -> None:
    """Two more subgraphs show how far the router is.

    One that the new authority has signed, and one that believes no other.
    """
    urls = {name: f"https://127.0.0.1:{free_port()}" for name in ("inventory", "users")}
    load = Load()
    async with contextlib.AsyncExitStack() as stack:
        products = await stack.enter_async_context(double("products", certificates=certificates))
        environment = router_environment(issuer.jwks_url, {"products": products})
        environment |= {f"{name.upper()}_URL": url for name, url in urls.items()}
        secure = secured(certificates.of("router"), environment)
        router = await stack.enter_async_context(running_router(kind, secure))
        await stack.enter_async_context(load.of(*[lambda: succeeds(router, TITLES)] * 3))

        await certificates.rotate_authority()
        await certificates.make("inventory")
        await stack.enter_async_context(double("inventory", port_in(urls["inventory"]), certificates))
        await eventually(lambda: is_answered(router, STOCK), "the router believes the new authority")
        newcomer = certificates.context("inventory")
        await eventually(lambda: believes(products, newcomer), "so does the subgraph that is asked all the time")

        await certificates.rotate()
        await until_shown(port_in(products.url), certificates.context("test"), certificates.of("products"))
        await certificates.make("users")
        shutil.copy(certificates.of("ca") / "tls.crt", certificates.of("users") / "ca.crt")
        await stack.enter_async_context(double("users", port_in(urls["users"]), certificates))
        await eventually(lambda: is_answered(router, ME, issuer.token()), "the router shows its new certificate")

        await certificates.drop_old_authority()
        await load.answers_more(100)
    assert load.failures == []


async def believes(subgraph: Double, newcomer: ssl.SSLContext) -> bool:
    try:
        async with httpx.AsyncClient(verify=newcomer) as http:
            return (await http.get(f"{subgraph.url}/received")).status_code == 200
    except httpx.TransportError:
        return False


async def succeeds(router: Router, query: str) -> None:
    answer = await router.ask(query)
    assert "errors" not in answer, answer


async def is_answered(router: Router, query: str, token: str | None = None) -> bool:
    return "errors" not in await router.ask(query, token)


def port_in(url: str) -> int:
    return int(url.rpartition(":")[2])


async def test_keys_of_tokens_are_fetched_from_an_address_that_answers_the_mesh_alone(
    certificates: Certificates, issuer: Issuer
) -> None:
    await certificates.make("users")
    async with (
        double("users", certificates=certificates) as users,
        published(issuer, Tls(certificates.of("test"))) as jwks_url,
        running_router(
            NODE, secured(certificates.of("router"), router_environment(jwks_url, {"users": users}))
        ) as router,
    ):
        assert await router.ask(ME, issuer.token()) == {"data": {"me": {"name": "Ada"}}}


def another_key(folder: Path) -> None:
    shutil.copy(folder.parent / "products" / "tls.key", folder)


def no_authority(folder: Path) -> None:
    (folder / "ca.crt").unlink()


def expired(folder: Path) -> None:
    run("rotate", "--days", "0", "--directory", folder.parent, "router")


def another_authority(folder: Path) -> None:
    run("make", "--directory", folder / "others", "router")
    shutil.copy(folder / "others" / "router" / "ca.crt", folder)


def run(*arguments: str | Path) -> None:
    subprocess.run([SCRIPT, *arguments], check=True)


UNUSABLE = [
    (another_key, "tls.key is not the key of tls.crt"),
    (no_authority, "ca.crt can't be read: ENOENT"),
    (expired, "tls.crt has expired on"),
    (another_authority, "tls.crt is signed by no certificate of ca.crt"),
]


@pytest.mark.parametrize(("spoil", "said"), UNUSABLE, ids=[spoil.__name__ for spoil, _ in UNUSABLE])
async def test_certificates_that_cant_be_used_stop_the_start_with_one_line(
    certificates: Certificates, issuer: Issuer, spoil: Callable[[Path], None], said: str
) -> None:
    folder = certificates.of("router")
    spoil(folder)
    await until_next_second()
    status, words = await start_with(secured(folder, router_environment(issuer.jwks_url, {})))
    assert (status, len(words.splitlines())) == (1, 1)
    assert f"The router can't start: {folder}/{said}" in words


async def until_next_second() -> None:
    """Certificates count whole seconds: one that has expired at this one is refused from the next on."""
    begun = int(time.time())

    async def is_over() -> bool:
        return int(time.time()) > begun

    await eventually(is_over, "the next second")


@pytest.mark.parametrize("spoil", [another_key, no_authority, expired], ids=lambda spoil: spoil.__name__)
async def test_new_files_that_cant_be_used_are_named_once_and_the_old_ones_stay(
    certificates: Certificates, issuer: Issuer, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    log = tmp_path / "log"
    folder, kept = certificates.of("router"), tmp_path / "kept"
    shutil.copytree(folder, kept)
    async with double("products", certificates=certificates) as products:
        environment = secured(folder, router_environment(issuer.jwks_url, {"products": products}))
        async with running_router(NODE, {**environment, "LOG_LEVEL": "INFO"}, log) as router:
            spoil(folder)
            await eventually(lambda: asyncio.to_thread(says, log, "not usable"), "the log names the files")
            await succeeds(router, TITLES)
            shutil.copytree(kept, folder, dirs_exist_ok=True)
            await certificates.rotate("router")
            await eventually(lambda: asyncio.to_thread(says, log, "read again"), "good files are taken")
            await succeeds(router, TITLES)
    lines = [line for line in log.read_text().splitlines() if "not usable" in line]
    assert len(lines) == 1
    assert str(folder) in lines[0]


def says(log: Path, words: str) -> bool:
    return words in log.read_text()


async def test_the_routers_secret_is_the_first_line_of_its_file_whatever_it_holds_now(
    doubles: Doubles, issuer: Issuer, tmp_path: Path
) -> None:
    environment = router_environment(issuer.jwks_url, doubles) | {"ROUTER_SECRET": "", "SECRETS_DIR": str(tmp_path)}
    file = tmp_path / "ROUTER_SECRET"
    file.write_text("old\n")
    async with running_router(NODE, environment) as router:
        assert await secret_sent(router, doubles) == "old"
        file.write_text("new\nold\n")

        async def is_new() -> bool:
            return await secret_sent(router, doubles) == "new"

        await eventually(is_new, "the new secret is sent")


async def secret_sent(router: Router, doubles: Doubles) -> str:
    await router.ask(TITLES)
    secret: str = (await doubles["products"].received())[-1]["headers"]["x-router-secret"]
    return secret
