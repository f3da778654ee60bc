"""Every process replaced while people shop: nobody notices."""

import pytest

from tests.cluster.mesh import Mesh
from tests.cluster.overlay import SERVING, WORKING
from tests.cluster.traffic import traffic

pytestmark = pytest.mark.cluster


@pytest.mark.parametrize("workloads", [SERVING, WORKING], ids=["serve", "work"])
async def test_rolling_restart_of_all_subgraphs_under_load_loses_nothing(
    mesh: Mesh, workloads: tuple[str, ...]
) -> None:
    async with traffic(mesh.kubectl) as shopped:
        await mesh.restart(workloads)
    shopped.assert_no_connection_was_lost()
    await mesh.reconcile()


async def test_rolling_restart_of_the_router_under_load_loses_nothing(mesh: Mesh) -> None:
    async with traffic(mesh.kubectl) as shopped:
        await mesh.restart(["router"])
    # Hive Router closes kept connections at once when it ends:
    # what was just sent on one is sent again by whoever sent it.
    shopped.assert_nobody_noticed()
    await mesh.reconcile()
