"""A slice of the mesh: orders and whom it commands are real, the others answer by example, all through the router."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.e2e.shopper import Shopper
from tests.integration.embedded.mesh_process import MeshProcess
from tests.integration.router.processes import NODE, Router
from tests.subgraphs import eventually
from tilt.embedded.process import REPOSITORY
from tilt.embedded.slices import EXAMPLES

PINS = REPOSITORY / "tests" / "slices"
REAL = {"orders", "payments", "inventory"}
LISTING = """{ products(first: 2) { pageInfo { hasNextPage } nodes {
  title defaultVariant { id price { amount } stock { available } } } } }"""
ME = "{ me { email orders(first: 3) { nodes { id customer { name } lines { variant { sku product { title } } } } } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MeshProcess]:
    """One slice for this file: real subgraphs, the Node router, and pins of its own."""
    folder = tmp_path_factory.mktemp("slice")
    shutil.copytree(PINS, folder / "slices")
    real = {"MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}", "ROUTER": "node"}
    mesh = MeshProcess(folder, {**real, "SUBGRAPHS": "orders", "MERCATO_SLICES_DIR": str(folder / "slices")})
    await mesh.up()
    yield mesh
    await mesh.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def shopper(mesh: MeshProcess) -> AsyncIterator[Shopper]:
    """Ada, whose account is pinned, with a token that no users signed."""
    status, token = await mesh.run("token", "--email", "ada@example.com", SUBGRAPHS="")
    assert status == 0, token
    async with httpx.AsyncClient(base_url=mesh.settings.router_url, timeout=30) as http:
        process: Any = None
        yield Shopper(Router(NODE, process, http, ""), "ada@example.com", "", token.strip())


async def test_only_what_runs_and_its_servers_were_started(mesh: MeshProcess) -> None:
    servers = {"postgres", "kafka", "valkey", "localstripe", "prefork-server", "router"}
    assert set(mesh.processes()) == {*REAL, *servers, EXAMPLES}
    assert "users, products, notifications answer by example, pinned by orders.yaml" in " ".join(mesh.output.split())


async def test_a_pinned_product_is_found_put_into_a_cart_and_bought(shopper: Shopper) -> None:
    page = (await shopper.ask(LISTING))["products"]
    assert page["pageInfo"] == {"hasNextPage": True}
    assert [product["title"] for product in page["nodes"]] == ["Harbour Mug", "Hearth Cast Iron Skillet"]
    mug = page["nodes"][0]["defaultVariant"]
    assert mug["stock"]["available"] > 0

    async def in_a_cart() -> dict[str, Any] | None:
        """Once orders has heard of it; it knew no price before."""
        cart = await shopper.mutate("mutation { cartCreate { cart { id } errors { code } } }")
        added = await shopper.mutate(
            "mutation ($input: CartAddLinesInput!) { cartAddLines(input: $input) {"
            " cart { id total { amount } } errors { code } } }",
            input={"cartId": cart["cart"]["id"], "lines": [{"variantId": mug["id"], "quantity": 2}]},
        )
        return None if added["errors"] else added["cart"]

    cart = await eventually(in_a_cart, "orders knows the pinned product")
    assert (mug["price"], cart["total"]) == ({"amount": "18.90"}, {"amount": "37.80"})
    order = await shopper.settled((await shopper.place(cart["id"]))["order"]["id"])
    assert order["status"] == "CONFIRMED"
    me = (await shopper.ask(ME))["me"]
    assert me["email"] == "ada@example.com"
    assert me["orders"]["nodes"] == [
        {
            "id": order["id"],
            "customer": {"name": "Ada Lovelace"},
            "lines": [{"variant": {"sku": "TAB-0001-NAV", "product": {"title": "Harbour Mug"}}}],
        }
    ]


async def test_a_saved_pin_counts_at_once_and_a_wrong_one_changes_nothing(mesh: MeshProcess, shopper: Shopper) -> None:
    file = Path(mesh.environment["MERCATO_SLICES_DIR"]) / "orders.yaml"
    before = file.read_text()

    async def titles() -> list[str]:
        return [product["title"] for product in (await shopper.ask(LISTING))["products"]["nodes"]]

    async def renamed() -> bool:
        return "Harbour Cup" in await titles()

    _save(file, before.replace("title: Harbour Mug", "title: Harbour Cup", 1))
    await eventually(renamed, "the saved title is answered")
    _save(file, before.replace("title: Harbour Mug", "title: 7", 1))

    async def told() -> bool:
        await titles()
        log = mesh.settings.log_folder / "examples.log"
        return "orders.yaml: pins.Product 018cc778-5000-7000-8f2f-a32e8d992a7d.title: 7 is no String" in log.read_text()

    await eventually(told, "the log says what is wrong")
    assert await renamed()


def _save(file: Path, text: str) -> None:
    """As editors do it: the file is there whole or not at all."""
    file.with_suffix(".new").write_text(text)
    file.with_suffix(".new").replace(file)


async def test_scopes_of_a_token_open_what_staff_may_see(mesh: MeshProcess, shopper: Shopper) -> None:
    query = "{ ordersNeedingAttention(first: 1) { nodes { id } } }"
    refused = await shopper.router.ask(query, shopper.token)
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    _, token = await mesh.run("token", "--email", "staff@example.com", "--scope", "orders:read")
    assert (await shopper.router.ask(query, token.strip()))["data"] == {"ordersNeedingAttention": {"nodes": []}}


async def test_nobody_but_the_router_is_answered_by_examples(mesh: MeshProcess) -> None:
    async with httpx.AsyncClient(base_url=mesh.settings.subgraphs["products"].url) as http:
        answer = await http.post("/graphql", json={"query": "{ categories { id } }"})
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")


async def test_the_demonstration_says_in_one_line_that_it_needs_the_whole_mesh(mesh: MeshProcess) -> None:
    status, output = await _demo(mesh)
    assert status == 1
    assert output == "mercato: The demonstration needs the whole mesh, and this is a slice of it: `make up`.\n"


async def _demo(mesh: MeshProcess) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tilt.embedded.demo"),
        env={**os.environ, **mesh.environment},
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()
