"""What is saved is served by the running mesh, or told why not in one line; with small servers as subgraphs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from tests.backends import Backends
from tests.integration.embedded.mesh_process import MeshProcess, until
from tests.integration.embedded.saved_tree import SavedTree, tree_of_small_servers
from tests.newcomer import NEWCOMER, TOPIC
from tests.subgraphs import eventually
from tilt.embedded.backends import Kafka
from tilt.embedded.backends.kafka import admin_client
from tilt.embedded.ports import free_ports
from tilt.embedded.subgraphs import SUBGRAPHS

FIELD = '\nextend type Query {\n  """A field that was added."""\n  savedField: Int\n}\n'


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> SavedTree:
    return tree_of_small_servers(tmp_path_factory.mktemp("saved") / "tree")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mesh(
    tmp_path_factory: pytest.TempPathFactory, tree: SavedTree, backends: Backends, kafka: Kafka
) -> AsyncIterator[MeshProcess]:
    """One mesh of that tree for this file; Postgres and Valkey are its own."""
    mailbox, localstripe = await backends.mailbox(), await backends.localstripe()
    given = {"SMTP_URL": mailbox.smtp_url, "STRIPE_API_BASE": localstripe.url}
    given |= {"KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap_servers}
    given |= {"RELOAD": "1", "MERCATO_SUBGRAPH_MODULE": "subgraphs.{name}"}
    mesh = MeshProcess(tmp_path_factory.mktemp("mesh"), given)
    mesh.tree = tree.root
    await mesh.up()
    yield mesh
    await mesh.stop()


async def answers(mesh: MeshProcess, name: str, answer: str) -> None:
    """Wait until a subgraph answers so."""

    async def look() -> bool:
        return bool((await mesh.ask(name))["answer"] == answer)

    await eventually(look, f"{name} answers {answer}")


@asynccontextmanager
async def reloads(mesh: MeshProcess, name: str, times: int = 1) -> AsyncIterator[None]:
    """What is saved inside makes a subgraph reload so often."""
    before = mesh.output.count(f"{name}: reloaded in ")
    yield
    await told(mesh, f"{name}: reloaded in ", before + times)


async def pids(mesh: MeshProcess) -> dict[str, int]:
    return {name: (await mesh.ask(name))["pid"] for name in SUBGRAPHS}


async def told(mesh: MeshProcess, line: str, times: int = 1) -> None:
    """Wait until the screen holds it."""
    await until(lambda: mesh.output.count(line) >= times)


def routed(mesh: MeshProcess) -> str:
    """What the router reads."""
    return (mesh.settings.mercato_data_dir / "supergraph.graphql").read_text()


async def test_saved_code_is_served_by_a_new_version_of_that_subgraph_alone(mesh: MeshProcess, tree: SavedTree) -> None:
    before = await pids(mesh)
    async with reloads(mesh, "orders"):
        tree.answer("orders", "saved")
        await answers(mesh, "orders", "saved")
    assert {name for name, pid in (await pids(mesh)).items() if pid != before[name]} == {"orders"}
    await until(lambda: mesh.processes()["orders"].pid != before["orders"])


async def test_no_request_fails_while_versions_change(mesh: MeshProcess, tree: SavedTree) -> None:
    url = mesh.settings.subgraphs["users"].url
    async with reloads(mesh, "users", 3), httpx.AsyncClient(base_url=url, timeout=30) as client:
        for number in range(3):
            tree.answer("users", f"version {number}")
            while (await client.get("/health/ready")).json()["answer"] != f"version {number}":
                assert (await mesh.ask("users"))["name"] == "users"  # on a connection of its own


async def test_a_request_under_way_is_finished_by_the_version_that_it_came_to(
    mesh: MeshProcess, tree: SavedTree, tmp_path: Path
) -> None:
    url, released = mesh.settings.subgraphs["payments"].url, tmp_path / "released"
    async with reloads(mesh, "payments"), httpx.AsyncClient(base_url=url, timeout=30) as client:
        held = asyncio.create_task(client.get("/held", params={"until": str(released)}))
        await until(released.with_suffix(".begun").exists)
        tree.answer("payments", "two")
        await answers(mesh, "payments", "two")
        released.touch()
        assert (await held).text == "one"


async def test_a_mistake_is_told_with_its_place_while_the_version_before_goes_on(
    mesh: MeshProcess, tree: SavedTree
) -> None:
    before = await mesh.ask("orders")
    tree.save("subgraphs/orders/answer.py", "\nANSWER = undefined\n")
    place = "subgraphs/orders/answer.py:2: NameError: name 'undefined' is not defined"
    await told(mesh, f"orders: it ended right after its start: {place}; the version before goes on\n")
    assert (await mesh.ask("orders"))["pid"] == before["pid"]
    async with reloads(mesh, "orders"):
        tree.answer("orders", "mended")
    assert (await mesh.ask("orders"))["answer"] == "mended"
    assert mesh.output.count(place) == 1


async def test_a_saved_migration_is_applied_before_the_new_version_starts(mesh: MeshProcess, tree: SavedTree) -> None:
    mesh.commands_file.write_text("")
    async with reloads(mesh, "orders"):
        tree.save("subgraphs/orders/infrastructure/migrations/0002_more.py", "")
    assert mesh.commands_file.read_text() == "migrate orders\nrun orders\n"


async def test_a_migration_that_fails_is_told_and_tried_again(mesh: MeshProcess, tree: SavedTree) -> None:
    before = await mesh.ask("orders")
    tree.save("subgraphs/orders/infrastructure/migrations/0003_wrong.py", "")
    tree.answer("orders", "unmigratable")
    why = "`migrate` failed: orders: the migration 0002 failed: no such table; the version before goes on\n"
    await told(mesh, f"orders: {why}")
    assert (await mesh.ask("orders"))["pid"] == before["pid"]
    mesh.commands_file.write_text("")
    async with reloads(mesh, "orders"):
        tree.answer("orders", "migratable")
    assert mesh.commands_file.read_text() == "migrate orders\nrun orders\n"


async def test_a_saved_chassis_is_imported_beside_and_all_subgraphs_move_over(
    mesh: MeshProcess, tree: SavedTree
) -> None:
    before, processes = await pids(mesh), mesh.processes()
    tree.save("shared/money.py", f"{tree.read('shared/money.py')}\nraise RuntimeError('not today')\n")
    await until(lambda: "RuntimeError: not today; the version before goes on\n" in mesh.output)
    assert await pids(mesh) == before
    async with reloads(mesh, "notifications"):
        tree.save("shared/money.py", tree.read("shared/money.py").replace("raise RuntimeError('not today')", ""))
    await until(lambda: not processes["prefork-server"].is_alive())
    after = await pids(mesh)
    assert all(after[name] != before[name] for name in SUBGRAPHS)
    assert mesh.processes()["prefork-server"].is_alive()


async def test_a_contract_that_does_not_compose_is_told_and_nothing_changes(mesh: MeshProcess, tree: SavedTree) -> None:
    before, contract, supergraph = await pids(mesh), tree.read("schema/products.graphql"), routed(mesh)
    tree.save("schema/products.graphql", f"{contract}\nextend type Query {{ wrong: Nothing }}\n")
    why = "Unknown type Nothing (INVALID_GRAPHQL)"
    await told(mesh, f"schema/products.graphql: {why}; the version before goes on\n")
    assert (await pids(mesh), routed(mesh)) == (before, supergraph)
    async with reloads(mesh, "products"):
        tree.save("schema/products.graphql", contract)


async def test_an_added_field_is_the_subgraphs_first_and_a_removed_one_the_routers(
    mesh: MeshProcess, tree: SavedTree
) -> None:
    contract, said = tree.read("schema/products.graphql"), len(mesh.output)
    tree.save("schema/products.graphql", contract + FIELD)
    await until(lambda: "savedField" in routed(mesh))
    assert "savedField" in tree.read("schema/supergraph.graphql")
    await until(lambda: "supergraph: composed" in mesh.output[said:])
    assert mesh.output.index("products: reloaded", said) < mesh.output.index("supergraph: composed", said)
    said = len(mesh.output)
    tree.save("schema/products.graphql", contract)
    await until(lambda: "products: reloaded" in mesh.output[said:])
    assert mesh.output.index("supergraph: composed", said) < mesh.output.index("products: reloaded", said)
    assert "savedField" not in routed(mesh)


async def test_routers_read_where_this_mesh_has_its_subgraphs(mesh: MeshProcess) -> None:
    for name in SUBGRAPHS:
        assert f'name: "{name}", url: "{mesh.settings.subgraphs[name].url}/graphql"' in routed(mesh)


async def test_a_checkout_of_a_thousand_files_is_one_reload(mesh: MeshProcess, tree: SavedTree) -> None:
    said = len(mesh.output)
    for number in range(1000):
        tree.save(f"subgraphs/inventory/domain/rule_{number}.py", "")
    tree.answer("inventory", "a thousand")
    await answers(mesh, "inventory", "a thousand")
    async with reloads(mesh, "users"):
        tree.answer("users", "after a checkout")
    assert mesh.output[said:].count("inventory: reloaded") <= 2  # a second where writing them was held up for 100 ms


def write_newcomer(tree: SavedTree, manifest: str) -> int:
    """What a template writes, its entry in the manifest last; where it listens."""
    port, grpc_port = free_ports(2)
    contract = 'type Query {\n  """How many reviews there are."""\n  reviewCount: Int\n}\n'
    tree.write_program(NEWCOMER)
    tree.save(f"subgraphs/{NEWCOMER}/subgraph.yaml", f"grpc_port: {grpc_port}\nneeds: [users]\n")
    tree.save(f"schema/{NEWCOMER}.graphql", contract)
    tree.save(f"schema/events/{NEWCOMER}.yaml", f"channels: {{ review: {{ address: {TOPIC} }} }}\n")
    url, file = f"http://127.0.0.1:{port}/graphql", f"./schema/{NEWCOMER}.graphql"
    entry = f"  {NEWCOMER}:\n    routing_url: {url}\n    schema:\n      file: {file}\n"
    tree.save("supergraph.yaml", manifest + entry)
    return port


async def test_a_newcomer_is_taken_in_and_let_go_without_a_restart_of_the_others(
    mesh: MeshProcess, tree: SavedTree, kafka: Kafka
) -> None:
    before, manifest = await pids(mesh), tree.read("supergraph.yaml")
    mesh.commands_file.write_text("")
    port = write_newcomer(tree, manifest)
    await told(mesh, f"{NEWCOMER}: taken in after ")
    async with httpx.AsyncClient() as client:
        newcomer = (await client.get(f"http://127.0.0.1:{port}/health/ready")).json()
    assert newcomer["database"] == mesh.database_url(NEWCOMER)
    assert mesh.commands_file.read_text() == f"migrate {NEWCOMER}\nseed {NEWCOMER}\nrun {NEWCOMER}\n"
    async with admin_client(kafka.bootstrap_servers) as admin:
        assert {TOPIC, f"{NEWCOMER}.dead-letters.v1"} <= set(await admin.list_topics())
    await until(lambda: f'name: "{NEWCOMER}", url: "http://127.0.0.1:{port}/graphql"' in routed(mesh))
    tree.save("supergraph.yaml", manifest)
    await told(mesh, f"{NEWCOMER}: stopped, for it is in supergraph.yaml no more; its database stays\n")
    assert "reviewCount" not in routed(mesh)
    assert NEWCOMER not in mesh.processes()
    assert await pids(mesh) == before


async def test_a_subgraph_whose_files_go_with_its_entry_in_one_save_is_let_go(
    mesh: MeshProcess, tree: SavedTree
) -> None:
    manifest, answer, taken = tree.read("supergraph.yaml"), (await mesh.ask("orders"))["answer"], "taken in after "
    before = mesh.output.count(taken)
    write_newcomer(tree, manifest)
    await told(mesh, taken, before + 1)
    await until(lambda: "reviewCount" in routed(mesh))
    mesh.commands_file.write_text("")
    tree.answer("orders", "unready")
    await until(lambda: "run orders" in mesh.commands_file.read_text())
    said = len(mesh.output)  # while orders is waited for, whatever comes is one save
    tree.save("supergraph.yaml", manifest)
    tree.remove(f"subgraphs/{NEWCOMER}", f"schema/{NEWCOMER}.graphql", f"schema/events/{NEWCOMER}.yaml")
    tree.answer("orders", answer)
    await until(lambda: f"{NEWCOMER}: stopped, for " in mesh.output[said:])
    assert "What was saved is not served" not in mesh.output[said:]
    assert NEWCOMER not in mesh.processes()


async def test_a_mistake_in_a_manifest_is_told_and_all_goes_on(mesh: MeshProcess, tree: SavedTree) -> None:
    before, manifest = await pids(mesh), tree.read("subgraphs/orders/subgraph.yaml")
    tree.save("subgraphs/orders/subgraph.yaml", manifest.replace("grpc_port: ", "grpc_port: not "))
    await told(mesh, "subgraphs/orders/subgraph.yaml: grpc_port: ")
    tree.save("subgraphs/orders/subgraph.yaml", manifest)
    async with reloads(mesh, "payments"):
        tree.answer("payments", "after a mistake")
    assert (await mesh.ask("orders"))["pid"] == before["orders"]


async def test_restart_starts_one_service_anew_and_waits_until_it_is_healthy(mesh: MeshProcess) -> None:
    before, processes = await pids(mesh), mesh.processes()
    for name in ("orders", "router", "valkey"):
        status, said = await mesh.run("restart", name)
        assert status == 0, said
        assert said.startswith(f"{name}: restarted in ")
    after = await pids(mesh)
    assert {name for name in SUBGRAPHS if after[name] != before[name]} == {"orders"}
    changed = {name for name, process in mesh.processes().items() if process != processes[name]}
    assert changed == {"orders", "router", "valkey"}


async def test_restart_of_what_does_not_start_says_why(mesh: MeshProcess, tree: SavedTree) -> None:
    tree.save("subgraphs/notifications/answer.py", "ANSWER = [")
    await told(mesh, "notifications: it ended right after its start")
    status, said = await mesh.run("restart", "notifications")
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith("mercato: notifications is not restarted: it ended right after its start: subgraphs/notif")
    assert (await mesh.ask("notifications"))["answer"] == "one"


async def test_restart_of_what_is_not_there_names_what_is(mesh: MeshProcess) -> None:
    status, said = await mesh.run("restart", "nothing")
    assert (status, said.count("\n")) == (1, 1)
    assert said.startswith("mercato: There is no nothing. There are: inventory, ")
    assert "router" in said


async def test_restart_without_a_mesh_says_what_to_do(tmp_path: Path) -> None:
    assert await MeshProcess(tmp_path, {}).run("restart", "orders") == (
        1,
        "mercato: Nothing is running: `make up` first.\n",
    )
