"""Whatever is in the way of ports is told at once, with what to type instead; and that holds."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.backends import settings_of_free_shift
from tests.integration.embedded.mesh_process import for_a_program
from tilt.embedded.errors import MeshError
from tilt.embedded.port_checks import STEP, check_ports, next_shift
from tilt.embedded.ports import LOOPBACK, free_ports
from tilt.embedded.process import REPOSITORY
from tilt.embedded.running import mesh_variables
from tilt.embedded.settings import Settings, load_settings


@pytest.fixture
def moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that MERCATO_PORTS alone makes, whose ports are free."""
    for name in mesh_variables(os.environ):
        monkeypatch.delenv(name)
    settings = settings_of_free_shift(tmp_path)
    monkeypatch.setenv("MERCATO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MERCATO_PORTS", str(settings.mercato_ports))
    return settings


@contextmanager
def listening_on(*ports: int) -> Iterator[None]:
    """Somebody who listens on these ports, in the way of ours."""
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(socket.create_server((LOOPBACK, port)))
        yield


def complaint() -> str:
    """What is said of the settings of the environment."""
    with pytest.raises(MeshError) as told:
        check_ports(load_settings())
    return str(told.value)


def follow(told: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Do as one is told; the variables that one was told to set."""
    typed = re.search(r"Start elsewhere: (.+) make up$", told)
    assert typed, told
    variables = dict(each.split("=") for each in typed[1].split())
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


def test_ports_that_are_free_are_ours(moved: Settings) -> None:
    check_ports(moved)


def test_all_taken_ports_are_told_with_who_has_them_and_one_switch(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = {
        "ROUTER_METRICS_PORT": moved.router_metrics_port,
        "ORDERS_GRPC_PORT": moved.subgraphs["orders"].grpc_port,
        "KAFKA_PORT": moved.kafka_port,
    }
    with listening_on(*taken.values()):
        told = complaint()
        assert follow(told, monkeypatch).keys() == {"MERCATO_PORTS"}
        check_ports(load_settings())
    assert told.count("\n") == len(taken) + 1
    for variable, port in taken.items():
        who = rf"  Port {port} \({variable}\) is taken by \S+ \(pid {os.getpid()}\) in {re.escape(os.getcwd())}\."
        assert re.search(who, told), told


def test_the_switch_is_the_smallest_thousand_at_which_all_are_free(moved: Settings) -> None:
    shift = next_shift(moved)
    assert shift is not None
    in_the_way = moved.mailbox_smtp_port - moved.mercato_ports + shift
    with listening_on(in_the_way):
        further = next_shift(moved)
    assert further is not None
    assert (further > shift, further % STEP) == (True, 0)


def test_a_port_that_somebody_set_is_not_moved_by_the_switch(moved: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    (chosen,) = free_ports(1)
    monkeypatch.setenv("VALKEY_PORT", str(chosen))
    with listening_on(chosen, moved.router_port):
        variables = follow(complaint(), monkeypatch)
        check_ports(load_settings())
    assert variables.keys() == {"MERCATO_PORTS", "VALKEY_PORT"}


def test_the_switch_moves_nothing_to_where_somebody_set_a_port(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift = next_shift(moved)
    assert shift is not None
    monkeypatch.setenv("VALKEY_PORT", str(moved.router_port - moved.mercato_ports + shift))
    with listening_on(moved.router_port):
        assert follow(complaint(), monkeypatch) != {"MERCATO_PORTS": f"+{shift}"}
        check_ports(load_settings())


@pytest.mark.usefixtures("moved")
def test_all_settings_that_are_one_port_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = free_ports(2)
    for variable, port in {"USERS_PORT": first, "ORDERS_PORT": first, "KAFKA_PORT": first}.items():
        monkeypatch.setenv(variable, str(port))
    for variable in ("POSTGRES_PORT", "MAILBOX_PORT"):
        monkeypatch.setenv(variable, str(second))
    told = complaint()
    assert f"  USERS_PORT and ORDERS_PORT and KAFKA_PORT are the same port, {first}.\n" in told
    assert f"  POSTGRES_PORT and MAILBOX_PORT are the same port, {second}.\n" in told
    assert follow(told, monkeypatch).keys() == {"ORDERS_PORT", "KAFKA_PORT", "MAILBOX_PORT"}
    check_ports(load_settings())


def test_who_listens_on_all_addresses_is_in_the_way_of_whoever_listens_on_one(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTER_HOST", "0.0.0.0")
    monkeypatch.setenv("ROUTER_PORT", str(moved.kafka_port))
    told = complaint()
    assert told.startswith(f"ROUTER_PORT and KAFKA_PORT are the same port, {moved.kafka_port}.")
    follow(told, monkeypatch)
    check_ports(load_settings())


def test_addresses_of_other_machines_and_ports_of_others_are_told_together(
    moved: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUTER_HOST", "192.0.2.1")
    monkeypatch.setenv("ORDERS_HOST", "no-such-host.invalid")
    with listening_on(moved.localstripe_port):
        told = complaint()
        assert follow(told, monkeypatch).keys() == {"MERCATO_PORTS", "ROUTER_HOST", "ORDERS_HOST"}
        check_ports(load_settings())
    assert told.startswith("3 ports or addresses can't be had:\n")


FIRST_FOR_EVERYBODY = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")


@pytest.mark.skipif(not FIRST_FOR_EVERYBODY.exists(), reason="only Linux says which ports are for root")
def test_ports_that_are_for_root_alone_are_told(moved: Settings) -> None:
    if int(FIRST_FOR_EVERYBODY.read_text()) < 90:
        pytest.skip("everybody may listen everywhere here")
    as_anybody = ["setpriv", "--bounding-set=-net_bind_service"] if os.getuid() == 0 else []
    if as_anybody and not shutil.which("setpriv"):
        pytest.skip("root can't be less here")
    chosen = {"ROUTER_PORT": "81", "KAFKA_PORT": "82", "MERCATO_PORTS": str(moved.mercato_ports)}
    done = subprocess.run(
        [*as_anybody, sys.executable, "-m", "tilt.embedded", "up"],
        env={**for_a_program(), "MERCATO_DATA_DIR": str(moved.mercato_data_dir), **chosen},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "  This user may not listen on port 81 (ROUTER_PORT).\n" in done.stderr
    assert "  This user may not listen on port 82 (KAFKA_PORT).\n" in done.stderr
    assert re.search(r"Start elsewhere: ROUTER_PORT=\d+ KAFKA_PORT=\d+ make up", done.stderr)
