"""Fault points: off unless asked for, each acts once, a mistake in them stops the start."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shared.errors import Unavailable
from shared.runtime.exits import EXIT_CONFIGURATION
from shared.runtime.faults import FaultAction, armed, fault_point, parse_fault_points

PASSES = """
import asyncio
from shared.runtime.faults import arm_fault_points, fault_point
arm_fault_points()
asyncio.run(fault_point('orders.RESERVE.before'))
print('passed')
"""


def started(points: str, folder: str, where: str = "test") -> subprocess.Popen[str]:
    """A process that comes to the point orders.RESERVE.before."""
    environment = {**os.environ, "FAULT_POINTS": points, "FAULT_ONCE_DIRECTORY": folder, "MERCATO_ENVIRONMENT": where}
    return subprocess.Popen(
        [sys.executable, "-c", PASSES], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(points: str, folder: str, where: str = "test") -> tuple[int, str, str]:
    """Its exit status, output and errors."""
    process = started(points, folder, where)
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors


async def test_a_point_that_nobody_asked_for_does_nothing() -> None:
    await fault_point("orders.RESERVE.before")


async def test_a_point_fails_once_and_others_never(tmp_path: Path) -> None:
    point = armed({"payments.CAPTURE.after": FaultAction.FAIL}, tmp_path)
    await point("payments.CAPTURE.before")
    with pytest.raises(Unavailable):
        await point("payments.CAPTURE.after")
    await point("payments.CAPTURE.after")


async def test_of_two_that_come_to_a_point_at_once_one_is_hit(tmp_path: Path) -> None:
    points = [armed({"orders.COMMIT.before": FaultAction.FAIL}, tmp_path) for _ in range(2)]
    outcomes = await asyncio.gather(*(point("orders.COMMIT.before") for point in points), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Unavailable"]


def test_several_points_are_read() -> None:
    read = parse_fault_points("orders.RESERVE.before=kill, payments.CONFIRM.recorded=stop")
    assert read == {"orders.RESERVE.before": FaultAction.KILL, "payments.CONFIRM.recorded": FaultAction.STOP}


def test_a_process_is_killed_at_its_point_and_passes_it_when_started_again(tmp_path: Path) -> None:
    status, output, _ = ended("orders.RESERVE.before=kill", str(tmp_path))
    assert (status, output) == (-signal.SIGKILL, "")
    assert ended("orders.RESERVE.before=kill", str(tmp_path))[:2] == (0, "passed\n")


def test_a_process_freezes_at_its_point_until_it_is_told_to_go_on(tmp_path: Path) -> None:
    process = started("orders.RESERVE.before=stop", str(tmp_path))
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    process.send_signal(signal.SIGCONT)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, output) == (0, "passed\n")


@pytest.mark.parametrize(
    "value",
    [
        "orders.RESERVE.before",
        "orders.RESERVE.before=explode",
        "RESERVE=kill",
        "orders.RESERVE.during=kill",
        "=kill",
        " ",
        "orders.RESERVE.before=kill,",
    ],
)
def test_a_malformed_value_stops_the_start_with_one_line(value: str, tmp_path: Path) -> None:
    status, output, errors = ended(value, str(tmp_path))
    assert (status, output) == (EXIT_CONFIGURATION, "")
    assert errors.startswith("setting FAULT_POINTS: ")
    assert errors.count("\n") == 1


def test_fault_points_without_a_folder_to_remember_them_in_stop_the_start(tmp_path: Path) -> None:
    status, _, errors = ended("orders.RESERVE.before=kill", str(tmp_path / "missing"))
    assert (status, errors) == (
        EXIT_CONFIGURATION,
        "setting FAULT_ONCE_DIRECTORY: must name a folder when FAULT_POINTS is set\n",
    )


@pytest.mark.parametrize("where", ["", "production"])
def test_points_in_production_stop_the_start(tmp_path: Path, where: str) -> None:
    status, output, errors = ended("orders.RESERVE.before=kill", str(tmp_path), where)
    assert (status, output) == (EXIT_CONFIGURATION, "")
    assert errors.startswith("setting FAULT_POINTS: kills processes, and is for tests: set MERCATO_ENVIRONMENT=test")
    assert errors.count("\n") == 1


SETTINGS = {
    "NOTIFICATIONS_DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
    "REDIS_URL": "redis://127.0.0.1:1",
    "ROUTER_SECRET": "0" * 64,
    "RPC_SECRET": "1" * 64,
    "JWKS_URL": "http://127.0.0.1:1/jwks",
    "SMTP_URL": "smtp://127.0.0.1:1",
}


def test_a_subgraph_with_points_in_production_does_not_start() -> None:
    environment = {**os.environ, **SETTINGS, "FAULT_POINTS": "orders.RESERVE.before=kill", "MERCATO_ENVIRONMENT": ""}
    command = [sys.executable, "-m", "subgraphs.notifications", "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (EXIT_CONFIGURATION, "")
    assert done.stderr.startswith("setting FAULT_POINTS: kills processes")


def test_points_are_armed_where_developers_say_so(tmp_path: Path) -> None:
    assert ended("orders.RESERVE.before=kill", str(tmp_path), "development")[0] == -signal.SIGKILL


def test_an_environment_that_nobody_knows_stops_the_start(tmp_path: Path) -> None:
    status, _, errors = ended("", str(tmp_path), "prod")
    assert (status, errors) == (
        EXIT_CONFIGURATION, "setting MERCATO_ENVIRONMENT: 'prod' is none of production, development, test\n",
    )  # fmt: skip
