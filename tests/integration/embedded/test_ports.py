"""Ports that tests and the training of Kafka choose before they use them."""

import random
import socket
import subprocess
import sys

import pytest

from tilt.embedded import ports
from tilt.embedded.ports import LOOPBACK, free_port, free_ports
from tilt.embedded.process import REPOSITORY


def test_a_port_that_somebody_listens_on_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, free_port())) as listener:
        port = listener.getsockname()[1]
        monkeypatch.setattr(ports, "CANDIDATES", range(port, port + 100))
        found = free_ports(100)
    assert port not in found
    assert len(found) == len(set(found)) > 50


def test_outgoing_connections_get_other_ports() -> None:
    with socket.create_server((LOOPBACK, free_port())) as listener:
        for _ in range(100):
            with socket.create_connection(listener.getsockname()) as connection:
                assert connection.getsockname()[1] not in ports.CANDIDATES


def test_who_seeds_random_gets_other_ports_than_the_next_who_does() -> None:
    random.seed(0)
    chosen = free_ports(10)
    random.seed(0)
    assert free_ports(10) != chosen


ASK_FOR_ONE_OF = """
from tilt.embedded import ports
ports.CANDIDATES = [int(port) for port in "{}".split()]
print(*ports.free_ports(100), flush=True)
input()
"""


def asking(*among: int) -> subprocess.Popen[str]:
    """Another process that asks for all of these, tells what it was given, and waits to be ended."""
    program = ASK_FOR_ONE_OF.format(" ".join(map(str, among)))
    command = [sys.executable, "-c", program]
    return subprocess.Popen(command, cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def given(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    return [int(port) for port in process.stdout.readline().split()]


def test_nobody_else_is_given_a_port_that_is_not_listened_on_yet() -> None:
    ours = free_port()
    with asking(ours) as other:
        assert given(other) == []
        other.communicate("\n")


def test_the_ports_of_a_process_that_ended_are_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    (port,) = ports._random.sample(range(30_000, 31_000), 1)
    monkeypatch.setattr(ports, "CANDIDATES", [port])
    with asking(port) as other:
        assert given(other) == [port]
        assert free_ports(1) == []
        other.kill()
    assert free_ports(1) == [port]
