"""Starting, stopping and reloading a router."""

import asyncio
import os
import socket
from pathlib import Path

import httpx
import pytest

from tests.identity import Issuer
from tests.integration.router.conftest import Doubles
from tests.integration.router.processes import (
    NODE,
    ROUTER,
    SUPERGRAPH,
    Double,
    Kind,
    Router,
    double,
    router_environment,
)
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually

HELD = '{ product(slug: "held") { title } }'


async def is_held(products: Double) -> bool:
    return any("held" in f"{request['query']} {request['variables']}" for request in await products.received())


async def test_a_stop_lets_a_request_under_way_finish(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    async with double("products") as products:
        environment = router_environment(issuer.jwks_url, {**doubles, "products": products})
        async with running_router(kind, environment) as router:
            asking = asyncio.create_task(router.ask(HELD))
            await eventually(lambda: is_held(products), "the request is under way")
            router.process.terminate()
            await eventually(lambda: takes_no_more(environment), "the router takes no more connections")
            await products.release()
            assert await asking == {"data": {"product": {"title": "Product 1"}}}
            assert await asyncio.wait_for(router.process.wait(), 20) == 0


async def takes_no_more(environment: dict[str, str]) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", int(environment["ROUTER_PORT"]))
    except OSError:
        return True
    writer.close()
    return False


async def test_a_stop_is_quick_when_nothing_is_under_way(kind: Kind, doubles: Doubles, issuer: Issuer) -> None:
    async with running_router(kind, router_environment(issuer.jwks_url, doubles)) as router:
        assert (await router.ask("{ __typename }"))["data"]
        router.process.terminate()
        assert await asyncio.wait_for(router.process.wait(), 20) == 0


async def test_a_changed_supergraph_is_served_and_requests_under_way_finish(
    kind: Kind, doubles: Doubles, issuer: Issuer, tmp_path: Path
) -> None:
    supergraph = tmp_path / "supergraph.graphql"
    supergraph.write_text(SUPERGRAPH.read_text())
    async with double("products") as products:
        environment = router_environment(issuer.jwks_url, {**doubles, "products": products})
        async with running_router(kind, {**environment, "SUPERGRAPH_FILE": str(supergraph)}) as router:
            asking = asyncio.create_task(router.ask(HELD))
            await eventually(lambda: is_held(products), "the request is under way")
            supergraph.write_text(
                SUPERGRAPH.read_text()
                .replace("type Warehouse", "type Depot")
                .replace("[Warehouse", "[Depot")
                .replace(": Warehouse", ": Depot")
            )
            await eventually(lambda: knows(router, "Depot"), "the new supergraph is served")
            await products.release()
            assert await asking == {"data": {"product": {"title": "Product 1"}}}


async def knows(router: Router, type_name: str) -> bool:
    answer = await router.ask("query ($name: String!) { __type(name: $name) { name } }", name=type_name)
    return bool(answer["data"]["__type"])


async def test_a_broken_supergraph_leaves_the_one_before_it_in_place(
    doubles: Doubles, issuer: Issuer, tmp_path: Path
) -> None:
    supergraph = tmp_path / "supergraph.graphql"
    supergraph.write_text(SUPERGRAPH.read_text())
    environment = {**router_environment(issuer.jwks_url, doubles), "SUPERGRAPH_FILE": str(supergraph)}
    process = await asyncio.create_subprocess_exec(
        *NODE.command(),
        cwd=ROUTER,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{environment['ROUTER_PORT']}") as http:
        router = Router(NODE, process, http, "")
        await eventually(lambda: serves(router), "the router serves")
        supergraph.write_text("type Query {")
        said = asyncio.create_task(process.stdout.readuntil(b"not usable"))
        await eventually(lambda: finished(router, said), "the log names the broken file")
        assert (await router.ask("{ products(first: 1) { nodes { title } } }"))["data"]
        process.terminate()
        await process.wait()


async def finished(router: Router, said: "asyncio.Task[bytes]") -> bool:
    await router.ask("{ __typename }")
    return said.done()


async def serves(router: Router) -> bool:
    try:
        return (await router.http.get("/readiness")).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("path", ["/health", "/readiness", "/health?x=1", "/readiness?"])
async def test_health_is_told_on_both_paths(router: Router, path: str) -> None:
    assert (await router.http.get(path)).status_code == 200


async def test_requests_errors_and_subgraph_requests_are_counted(router: Router) -> None:
    await router.ask("{ cart(id: 1) { id } products(first: 1) { nodes { id } } }")
    metrics = (await router.http.get(router.metrics_url)).text
    for line in (
        'router_request_duration_seconds_count{outcome="partial"} ',
        'router_errors_total{code="UNAVAILABLE"} ',
        'router_subgraph_request_duration_seconds_count{subgraph="products"} ',
    ):
        assert f"\n{line}" in metrics


async def test_metrics_are_not_on_the_public_port(router: Router) -> None:
    assert (await router.http.get("/metrics")).status_code == 404
    assert (await router.http.get(router.metrics_url)).status_code == 200
    assert (await router.http.get(router.metrics_url.replace("/metrics", "/graphql"))).status_code == 404


async def test_the_page_for_people_is_served_whole_with_the_examples(node_router: Router) -> None:
    page = (await node_router.http.get("/graphql", headers={"accept": "text/html"})).text
    for operation in ("query BrowseProducts", "mutation Register", "mutation CheckOut", "query FollowOrder"):
        assert operation in page
    assert "<script src=" not in page
    assert '<link rel="stylesheet"' not in page


async def start_with(environment: dict[str, str]) -> tuple[int | None, str]:
    """The exit status and the words of a router that can't start."""
    process = await asyncio.create_subprocess_exec(
        *NODE.command(), cwd=ROUTER, env={**os.environ, **environment}, stderr=asyncio.subprocess.PIPE
    )
    _, said = await asyncio.wait_for(process.communicate(), 20)
    return process.returncode, said.decode()


async def test_wrong_settings_stop_the_start_and_all_are_named(issuer: Issuer) -> None:
    wrong = {"ROUTER_PORT": "http", "ROUTER_SECRET": "", "JWKS_URL": "users", "LOG_LEVEL": "LOUD"}
    status, said = await start_with({**router_environment(issuer.jwks_url, {}), **wrong})
    assert status == 1
    assert [line.split()[-1] for line in said.splitlines()] == ['"http"', '"users"', "set", '"LOUD"']
    assert all(name in said for name in wrong)


async def test_a_subgraphs_address_that_is_none_stops_the_start_with_its_name(issuer: Issuer) -> None:
    wrong = {"PRODUCTS_URL": "ftp://products"}
    status, said = await start_with({**router_environment(issuer.jwks_url, {}), **wrong})
    assert (status, len(said.splitlines())) == (1, 1)
    assert "PRODUCTS_URL must be an http or https address" in said


async def test_a_supergraph_that_is_not_there_stops_the_start_with_its_name(issuer: Issuer) -> None:
    wrong = {"SUPERGRAPH_FILE": "/nowhere/supergraph.graphql"}
    status, said = await start_with({**router_environment(issuer.jwks_url, {}), **wrong})
    assert status == 1
    assert "/nowhere/supergraph.graphql" in said.splitlines()[-1]


@pytest.mark.parametrize("setting", ["ROUTER_PORT", "ROUTER_METRICS_PORT"])
async def test_a_taken_port_stops_the_start_with_one_line(issuer: Issuer, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, said = await start_with({**router_environment(issuer.jwks_url, {}), setting: port})
    assert status == 1
    assert said.splitlines() == [
        f"The router can't start: 127.0.0.1:{port} is taken; set {setting} or stop what listens there"
    ]
