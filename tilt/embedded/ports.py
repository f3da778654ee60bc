"""TCP ports of this machine: free ones for tests, and who sits on one that we want."""

import contextlib
import errno
import fcntl
import functools
import os
import random
import socket
import tempfile
from itertools import islice
from pathlib import Path
from typing import IO

import psutil

LOOPBACK = "127.0.0.1"
HIGHEST_PORT = 65535

# Systems take the ports of outgoing connections from above these (Linux from 32768, macOS from 49152):
# a free one stays free.
CANDIDATES = range(12_000, 30_000)
_random = random.SystemRandom()  # whoever seeds `random` would get the same ports as everybody else who does


def free_ports(count: int) -> list[int]:
    """Distinct ports that nobody listens on, and that nobody else is given before they are used:
    no outgoing connection, and no other process of this user that asks here, for as long as this one lives.
    """
    shuffled = _random.sample(CANDIDATES, len(CANDIDATES))
    return list(islice((port for port in shuffled if claim(port)), count))


def free_port() -> int:
    """One free port."""
    return free_ports(1)[0]


def claim(port: int) -> bool:
    """Take a port for this process, as long as it lives; whether nobody listens there and nobody else claims it."""
    return _claims(port) and not is_taken(LOOPBACK, port)


def _claims(port: int) -> bool:
    """Whether this process may have a port, by a lock that the kernel lets go of when the process ends."""
    try:
        fcntl.lockf(_claims_file(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


@functools.cache
def _claims_file() -> IO[bytes]:
    """A file without content, of which each byte stands for the port of its number."""
    return (Path(tempfile.gettempdir()) / f"mercato-ports-{os.getuid()}").open("ab")


def is_taken(host: str, port: int) -> bool:
    """Whether nobody else can listen there, as somebody does already."""
    return why_not(host, port) != 0


def why_not(host: str, port: int) -> int:
    """Why one can't listen there, as a number of `errno`; 0 when one can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As servers do it: without this a port stays "taken" for a minute after its last connection.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return 0


def listeners() -> dict[int, str]:
    """Who listens on each port that somebody of this user's does: 'node (pid 4711) in /home/ada/shop'."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.Error:
        return {}  # macOS lets only root look at the connections of others
    listening = (each for each in connections if each.status == psutil.CONN_LISTEN)
    return {each.laddr.port: _described(each.pid) for each in listening if each.laddr and each.pid}


def _described(pid: int) -> str:
    """A process by its name, and by its folder, which tells one mesh from another."""
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        return f"{process.name()} (pid {pid}) in {process.cwd()}"
    return f"another program (pid {pid})"
