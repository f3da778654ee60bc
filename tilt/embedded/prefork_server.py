"""One process that imports what all subgraphs import, and forks each of them from there.

A subgraph's imports alone are 85 MB and 2.5 s; forked, they are there at once and their memory is shared. The
supervisor speaks to the prefork server in lines of JSON over a socket (`prefork_client.py`). This module runs as
`python -m tilt.embedded.prefork_server FD MODULE...`, is the ancestor of every subgraph, and so imports nothing that
it need not.
"""

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
from collections.abc import Iterable
from typing import Any

from tilt.preloading import keep, preload

# Ours that does not change while the mesh runs. Nothing in it reads the environment when it is imported.
OURS = ("shared",)
PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15

Message = dict[str, Any]


class PreforkServer:
    """Forks on request, and reports which child ended how."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._incoming = b""
        self._children: set[int] = set()
        self._wake, wake_writer = os.pipe()
        os.set_blocking(wake_writer, False)
        signal.set_wakeup_fd(wake_writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> Message | None:
        """Serve until the supervisor is gone: None. In a forked child it returns what that child is to run."""
        self._send({"ready": os.getpid()})
        while True:
            readable, _, _ = select.select([self._channel.fileno(), self._wake], [], [])
            if self._wake in readable:
                os.read(self._wake, 4096)
                self._report_exits()
            if self._channel.fileno() in readable:
                data = self._channel.recv(65536)
                if not data:
                    return None
                for message in self._messages(data):
                    if self._obey(message):
                        return message

    def _messages(self, data: bytes) -> list[Message]:
        *lines, self._incoming = (self._incoming + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def _obey(self, message: Message) -> bool:
        """Do what was asked; true in the new child."""
        if "signal" in message:
            if message["pid"] in self._children:
                os.kill(message["pid"], message["signal"])
            return False
        pid = os.fork()
        if pid == 0:
            self._close_inherited()
            return True
        self._children.add(pid)
        self._send({"started": message["id"], "pid": pid})
        return False

    def _close_inherited(self) -> None:
        """What a child must not keep."""
        self._channel.close()
        writer = signal.set_wakeup_fd(-1)
        os.close(writer)
        os.close(self._wake)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def _report_exits(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            self._send({"exited": pid, "status": os.waitstatus_to_exitcode(status)})

    def _send(self, message: Message) -> None:
        self._channel.sendall(json.dumps(message).encode() + b"\n")


def preload_all(also: Iterable[str] = ()) -> None:
    """Import what is of others, ``also`` among it, and what all subgraphs have of ours."""
    preload(also)
    for name in OURS:
        package = importlib.import_module(name)
        for module_info in pkgutil.walk_packages(package.__path__, f"{name}."):
            importlib.import_module(module_info.name)
    keep()


def become(message: Message) -> None:
    """Turn a fresh fork into the program that was asked for."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        libc.prctl(PR_SET_NAME, message["name"].encode(), 0, 0, 0)
        if os.getppid() != message["parent"]:
            sys.exit(1)
    log = os.open(message["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.environ.update(message["environment"])
    # As Python does when it starts; and what was saved since the server did must be found.
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    importlib.invalidate_caches()
    gc.enable()
    sys.argv = [message["module"], *message["arguments"]]
    runpy.run_module(message["module"], run_name="__main__", alter_sys=True)


def main() -> None:
    """Preload, then fork for as long as the supervisor lives."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    preload_all(sys.argv[2:])
    parent = os.getpid()
    request = PreforkServer(channel).serve()
    if request is not None:
        become({**request, "parent": parent})


if __name__ == "__main__":
    main()
