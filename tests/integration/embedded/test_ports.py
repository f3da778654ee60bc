"""Ports that tests and the training of Kafka choose before they use them."""

import random
import socket

from tilt.embedded.ports import LOOPBACK, free_port, free_ports

MORE_THAN_THERE_ARE = 100_000


def test_a_port_that_somebody_listens_on_is_not_free() -> None:
    with socket.create_server((LOOPBACK, free_port())) as listener:
        found = free_ports(MORE_THAN_THERE_ARE)
        assert listener.getsockname()[1] not in found
    assert len(found) == len(set(found)) > 10_000


def test_outgoing_connections_get_other_ports() -> None:
    with socket.create_server((LOOPBACK, free_port())) as listener:
        free = free_ports(MORE_THAN_THERE_ARE)
        for _ in range(100):
            with socket.create_connection(listener.getsockname()) as connection:
                assert connection.getsockname()[1] not in free


def test_who_seeds_random_gets_other_ports_than_the_next_who_does() -> None:
    random.seed(0)
    chosen = free_ports(10)
    random.seed(0)
    assert free_ports(10) != chosen
