"""``python -m tests.cluster.measurement``: what each workload of a mesh takes, idle and under orders.

Requests and limits come from it. It needs the mesh of ``MERCATO_KEEP_MESH=1 make test-cluster`` and nothing else on the
nodes. The numbers are read from the control groups in the pods, so that no metrics-server is needed.
"""

import argparse
import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from tests.cluster.kubectl import Kubectl
from tests.cluster.mesh import Mesh
from tests.cluster.overlay import Release
from tests.cluster.traffic import traffic

# Version 2 of control groups, or version 1: CPU time in microseconds or nanoseconds,
# and memory without what can be dropped.
_READ = """
if [ -f /sys/fs/cgroup/cpu.stat ]; then
  echo $(sed -n 's/^usage_usec //p' /sys/fs/cgroup/cpu.stat)000 $(cat /sys/fs/cgroup/memory.current) \
    $(sed -n 's/^inactive_file //p' /sys/fs/cgroup/memory.stat)
else
  echo $(cat /sys/fs/cgroup/cpuacct/cpuacct.usage) $(cat /sys/fs/cgroup/memory/memory.usage_in_bytes) \
    $(sed -n 's/^total_inactive_file //p' /sys/fs/cgroup/memory/memory.stat)
fi
"""


@dataclass(frozen=True)
class Usage:
    """What a pod has taken: CPU since it began, and memory now."""

    cpu_nanoseconds: int
    memory_bytes: int


async def usage(mesh: Mesh) -> dict[tuple[str, str], Usage]:
    """The usage of each pod that is ready, by its workload and name."""
    pods = [pod for pod in await mesh.ready_pods() if pod.workload]
    read = [mesh.kubectl.run("exec", pod.name, "--", "sh", "-c", _READ) for pod in pods]
    numbers = [tuple(map(int, line.split())) for line in await asyncio.gather(*read)]
    return {
        (pod.workload, pod.name): Usage(cpu, memory - inactive)
        for pod, (cpu, memory, inactive) in zip(pods, numbers, strict=True)
    }


async def measured(mesh: Mesh, seconds: float) -> dict[str, tuple[float, float]]:
    """Of each workload, over this time: CPU in thousandths of a core and memory in MiB, of the pod that takes most."""
    before = await usage(mesh)
    await asyncio.sleep(seconds)
    after = await usage(mesh)
    found: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for key in before.keys() & after.keys():
        cpu = (after[key].cpu_nanoseconds - before[key].cpu_nanoseconds) / 1e6 / seconds
        most = found[key[0]]
        found[key[0]] = (max(most[0], cpu), max(most[1], after[key].memory_bytes / 2**20))
    return found


async def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.cluster.measurement")
    parser.add_argument("--namespace", default="mercato-test")
    parser.add_argument("--orders", type=float, default=5, help="a second")
    parser.add_argument("--reads", type=float, default=20, help="a second")
    parser.add_argument("--seconds", type=float, default=30)
    told = parser.parse_args()
    mesh = Mesh(Kubectl(told.namespace), Release(told.namespace, "", {}, {}))
    idle = await measured(mesh, told.seconds)
    async with traffic(mesh.kubectl, told.reads, told.orders) as shopped:
        loaded = await measured(mesh, told.seconds)
    _show(idle, loaded)
    print(f"{told.orders:g} orders and {told.reads:g} reads a second; milliseconds: {shopped.report['milliseconds']}")


def _show(idle: Mapping[str, tuple[float, float]], loaded: Mapping[str, tuple[float, float]]) -> None:
    print(f"{'a pod of':22} {'idle':>16} {'under load':>18}")
    for workload in sorted(idle):
        (idle_cpu, idle_memory), (cpu, memory) = idle[workload], loaded[workload]
        print(f"{workload:22} {idle_cpu:6.0f}m {idle_memory:5.0f}Mi {cpu:8.0f}m {memory:5.0f}Mi")


if __name__ == "__main__":
    asyncio.run(main())
