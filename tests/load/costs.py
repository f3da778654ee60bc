"""What the running mesh spends.

CPU time of each process by the system's count; statements, calls and messages by its own.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable

import aiohttp
import psutil

from tilt.embedded.records import Records
from tilt.embedded.settings import Settings

GENERATOR = "load generator"
_SAMPLE = re.compile(r"^(\w+)\{([^}]*)\} (\S+)$", re.MULTILINE)
_STATEMENTS = "SQL statements"
_CALLS = "gRPC calls"
_MESSAGES = "Kafka messages"

Spent = Counter[str]


def cpu_seconds(settings: Settings) -> dict[str, float]:
    """CPU time so far of each process of the mesh with its children, and of this one."""
    running = Records(settings.mercato_data_dir / "processes.json").running()
    spent = {
        name: _of_family(psutil.Process(identity.pid)) for name, identity in running.items() if name != "prefork-server"
    }
    return {**spent, GENERATOR: sum(os.times()[:2])}


def _of_family(process: psutil.Process) -> float:
    """Postgres works in its children; the time of those that ended is in their parent's books."""
    own = process.cpu_times()
    children = sum(sum(child.cpu_times()[:2]) for child in process.children(recursive=True))
    return own.user + own.system + own.children_user + own.children_system + children


async def counted(urls: Iterable[str]) -> Spent:
    """What the subgraphs counted of work for others, all together; what was merely asked by queries is left out."""
    total: Spent = Counter()
    async with aiohttp.ClientSession() as session:
        for url in urls:
            async with session.get(f"{url}/metrics") as response:
                for name, labels, value in _SAMPLE.findall(await response.text()):
                    total[_kind(name, labels)] += int(float(value))
    return total


def _kind(name: str, labels: str) -> str:
    if name == "mercato_sql_statements_total" and 'operation="query' not in labels:
        return _STATEMENTS
    if name == "mercato_operation_seconds_count" and 'protocol="grpc"' in labels:
        return _CALLS
    return _MESSAGES if name == "mercato_outbox_sent_total" else ""


def per_order(before: Spent, after: Spent, orders: int) -> list[tuple[str, float]]:
    """Statements, calls and messages of one order."""
    return [(kind, (after[kind] - before[kind]) / orders) for kind in (_STATEMENTS, _CALLS, _MESSAGES)]


def milliseconds_per_order(before: dict[str, float], after: dict[str, float], orders: int) -> list[tuple[str, float]]:
    """CPU time of one order by process, dearest first."""
    spent = {name: 1000 * (after[name] - before.get(name, 0.0)) / orders for name in after}
    return sorted(spent.items(), key=lambda item: -item[1])
