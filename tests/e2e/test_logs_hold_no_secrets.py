"""No log holds a variable's value, a token, a password or a secret of the mesh, however wrong a request is."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.e2e.planted import Planted, Visitor
from tests.e2e.shopper import ORDER_DETAIL, offers
from tests.integration.embedded.mesh_process import MeshProcess
from tests.integration.router.processes import HIVE, NODE, Kind, Router
from tests.integration.router.processes import router as running_router
from tests.subgraphs import eventually
from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment
from tilt.embedded.ports import free_ports
from tilt.embedded.settings import Settings
from tilt.embedded.subgraphs import SUBGRAPHS

LEVEL = "INFO"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MeshProcess]:
    """All of the mesh, as `make up` starts it."""
    given = {"MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}", "ROUTER": "node", "LOG_LEVEL": LEVEL}
    mesh = MeshProcess(tmp_path_factory.mktemp("logs"), given)
    try:
        await mesh.up()
        yield mesh
    finally:
        await mesh.stop()


@pytest_asyncio.fixture(params=[NODE, HIVE], ids=lambda kind: kind.name, loop_scope="session")
async def router(request: pytest.FixtureRequest, mesh: MeshProcess) -> AsyncIterator[Router]:
    """Each kind of router before that mesh; what it says is one log more."""
    kind: Kind = request.param
    if not kind.command():
        pytest.skip(f"no {kind.name} on the PATH")
    port, metrics_port = free_ports(2)
    settings: Settings = mesh.settings.model_copy(update={"router_port": port, "router_metrics_port": metrics_port})
    level = {"LOG_LEVEL": LEVEL.lower() if kind is HIVE else LEVEL}
    environment = {**mesh_environment(settings, load_credentials(settings)), **level}
    async with running_router(kind, environment, settings.log_folder / f"{kind.name}.log") as running:
        yield running


async def test_whatever_is_sent_none_of_it_stands_in_a_log(router: Router, mesh: MeshProcess) -> None:
    planted = Planted()
    visitor = Visitor(router.http, planted)
    headers = await visitor.account()
    variant_id = (await eventually(lambda: offers(router), "there are offers"))[0]["id"]
    order_ids = await visitor.buy(headers, variant_id)
    await visitor.buys_as_guest(variant_id)
    await visitor.mistakes()
    await _past_the_router(mesh, planted)
    await eventually(lambda: _are_settled(visitor, headers, order_ids), "the orders are settled, and their mails sent")
    assert leaks(mesh, planted) == []


async def _past_the_router(mesh: MeshProcess, planted: Planted) -> None:
    """What reaches a subgraph's own port: guesses at the router's secret, and webhooks of strangers."""
    guess = {"query": f'{{ __typename {planted.value("field")}(password: "{planted.value("sent to a subgraph")}") }}'}
    token = {"authorization": f"Bearer {planted.value('guessed token')}"}
    async with httpx.AsyncClient() as client:
        for name in SUBGRAPHS:
            url = f"{mesh.settings.subgraphs[name].url}/graphql"
            await client.post(url, json=guess, headers={**token, "x-router-secret": planted.value("guessed secret")})
            known = {**token, "x-router-secret": mesh.credentials()["ROUTER_SECRET"]}
            await client.post(url, json={**guess, "variables": {"a": planted.value("variable")}}, headers=known)
        webhooks = mesh.settings.subgraphs["payments"].url + "/webhooks"
        signature = {"stripe-signature": f"t=1,v1={planted.value('signature')}"}
        await client.post(f"{webhooks}/stripe", json={"id": planted.value("event")}, headers=signature)
        await client.post(f"{webhooks}/paypal", json={"id": planted.value("event")})


async def _are_settled(visitor: Visitor, headers: dict[str, str], order_ids: list[str]) -> bool:
    orders = [(await visitor.ask(ORDER_DETAIL, headers, id=order_id))["data"]["order"] for order_id in order_ids]
    return all(
        order["status"] != "PENDING" and all(mail["sentAt"] for mail in order["notifications"]) for order in orders
    )


def leaks(mesh: MeshProcess, planted: Planted) -> list[str]:
    """Every line of a log, and of what the supervisor says, that holds what was planted or a secret of the mesh."""
    key = (mesh.settings.mercato_data_dir / "users-signing-key.pem").read_text().splitlines()[1]
    known = Planted({**planted.values, **mesh.credentials(), "signing key": key})
    logs = [mesh.output_file, *sorted(mesh.settings.log_folder.glob("*.log*"))]
    assert {*SUBGRAPHS, "router", "postgres", "kafka", "valkey", "localstripe", "mailbox", "prefork-server"} <= {
        log.stem for log in logs
    }
    return [leak for log in logs for leak in known.found_in(log)]


def test_a_leak_is_seen(tmp_path: Path) -> None:
    planted = Planted()
    log = tmp_path / "users.log"
    log.write_text(f"nothing\nlogin with {planted.value('password')} refused\n")
    assert list(planted.found_in(log)) == [f"users.log:2: password: login with {planted.values['password']} refused"]
