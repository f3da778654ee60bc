"""A new version of orders with a migration: out, back, and one whose migration fails.

The demonstration runs on and on meanwhile.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.cluster.engine import derived
from tests.cluster.kubectl import JsonObject
from tests.cluster.mesh import PAUSE_SECONDS, Mesh
from tests.cluster.overlay import REPOSITORY, Patch, Release
from tests.subgraphs import eventually

pytestmark = pytest.mark.cluster

ORDERS = ("orders-serve", "orders-work")
_FOLDER = Path("subgraphs/orders/infrastructure/migrations")
_MIGRATION = '''"""A note to the buyer: what an older version does not know and need not."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("orders", "{before}")]
    operations = [ops.RunSQL("{sql}", reverse_sql="ALTER TABLE orders DROP COLUMN gift_note")]
'''
_ADD = "ALTER TABLE orders ADD COLUMN gift_note text"
_FAIL = "ALTER TABLE orders ADD COLUMN status text"
_HELD_BACK = Patch({"kind": "Job", "labelSelector": "app.kubernetes.io/name=orders"}, {"spec": {"suspend": True}})


@pytest.fixture(scope="module")
def latest() -> str:
    """The last migration that orders has."""
    return max(path.stem for path in (REPOSITORY / _FOLDER).glob("0*.py"))


@pytest_asyncio.fixture(scope="module")
async def added(mesh: Mesh, latest: str) -> Release:
    """The release with a version of orders that has one migration more."""
    return await _version_with(mesh, latest, "with-a-note", _ADD)


@pytest_asyncio.fixture(autouse=True)
async def _as_before(mesh: Mesh) -> AsyncIterator[None]:
    """However a test ends, the next one finds what this one found."""
    yield
    other = f"app.kubernetes.io/name=orders,app.kubernetes.io/version!={mesh.release.versions['orders']}"
    await mesh.kubectl.run("delete", "job", "--selector", other)
    await mesh.restore()


async def test_new_version_waits_for_its_migration_and_goes_back_without_loss(
    mesh: Mesh, added: Release, latest: str
) -> None:
    async with _demonstrations(mesh) as so_far:
        await mesh.apply(added.with_patches(_HELD_BACK))
        await _new_pods_say(mesh, added, f"orders.{_next(latest)} is not applied yet")
        assert len(await _of_version(mesh, mesh.release)) == 4, "the old version serves meanwhile"
        await mesh.apply(added)
        await mesh.rolled_out(ORDERS)
        before = so_far()
        await mesh.apply(mesh.release)
        await mesh.rolled_out(ORDERS)
        await eventually(lambda: _more(so_far, before), "the old version serves with the new tables", 60, PAUSE_SECONDS)
        await _undo_migration(mesh, added, latest)
        before = so_far()
        await eventually(lambda: _more(so_far, before), "the old version serves with the old tables", 60, PAUSE_SECONDS)
    await mesh.reconcile()


async def test_migration_that_fails_keeps_the_old_version_serving(mesh: Mesh, latest: str) -> None:
    failing = await _version_with(mesh, latest, "with-a-mistake", _FAIL)
    async with _demonstrations(mesh):
        await mesh.apply(failing)
        await _job_says(mesh, "orders-migrate", 'column "status" of relation "orders" already exists')
        await _new_pods_say(mesh, failing, f"orders.{_next(latest)} is not applied yet")
        assert len(await _of_version(mesh, mesh.release)) == 4
        await mesh.apply(mesh.release)
        await mesh.rolled_out(ORDERS)
    await mesh.reconcile()


async def _version_with(mesh: Mesh, latest: str, version: str, sql: str) -> Release:
    registry = f"{mesh.release.registry}/" if mesh.release.registry else ""
    image = f"{registry}mercato/orders:{mesh.release.versions['orders']}"
    text = _MIGRATION.format(before=latest, sql=sql)
    tag = f"{mesh.release.versions['orders']}-{version}"
    await derived(image, tag, {str(_FOLDER / f"{_next(latest)}.py"): text})
    return mesh.release.with_version("orders", tag)


def _next(latest: str) -> str:
    return f"{int(latest[:4]) + 1:04}_gift_note"


@contextlib.asynccontextmanager
async def _demonstrations(mesh: Mesh) -> AsyncIterator[Callable[[], int]]:
    """Runs the demonstration again and again; each has to pass. Yields how many have."""
    passed, stop = 0, asyncio.Event()

    async def run() -> None:
        nonlocal passed
        while not stop.is_set():
            await demonstrate()
            passed += 1

    async with mesh.demonstration() as demonstrate, asyncio.TaskGroup() as tasks:
        tasks.create_task(run())
        yield lambda: passed
        stop.set()


async def _more(so_far: Callable[[], int], before: int) -> bool:
    """Whether two have passed since: the first may have begun earlier."""
    return so_far() >= before + 2


async def _of_version(mesh: Mesh, release: Release) -> list[str]:
    image = f"mercato/orders:{release.versions['orders']}"
    return [pod.name for pod in await mesh.ready_pods(*ORDERS) if pod.image.endswith(image)]


async def _new_pods_say(mesh: Mesh, release: Release, text: str) -> None:
    """Both new pods say so, and neither takes traffic."""

    async def look() -> bool:
        new = [pod for pod in await mesh.pods(*ORDERS) if pod.image.endswith(release.versions["orders"])]
        told = [text in await mesh.logs(pod) for pod in new]
        return len(new) == 2 and all(told)

    await mesh.explained(look, f"new pods of orders say: {text}", 90)
    assert await _of_version(mesh, release) == []


async def _job_says(mesh: Mesh, workload: str, text: str) -> None:
    async def look() -> bool:
        return any([text in await mesh.logs(pod) for pod in await mesh.pods(workload)])

    await mesh.explained(look, f"{workload} says: {text}", 90)


async def _undo_migration(mesh: Mesh, release: Release, latest: str) -> None:
    """What an operator runs before a migration's version is given up for good.

    It is the migration's reverse, from the image that knows it.
    """
    (job,) = [found for found in await release.rendered() if found["metadata"]["name"].startswith("orders-migrate-")]
    back = _with_arguments(job, "orders-back", ["migrate", "--to", f"orders.{latest}"])
    await mesh.kubectl.apply([back])
    await mesh.kubectl.run("wait", "--for=condition=Complete", "job/orders-back", "--timeout=90s")


def _with_arguments(job: JsonObject, name: str, arguments: list[str]) -> JsonObject:
    pod = job["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    changed = {**pod, "spec": {**pod["spec"], "containers": [{**container, "args": arguments}]}}
    return {**job, "metadata": {**job["metadata"], "name": name}, "spec": {**job["spec"], "template": changed}}
