"""What the running mesh takes of memory, as proportional set size: a page shared by n processes counts 1/n each."""

from collections.abc import Mapping

import psutil

from tilt.embedded.records import Identity
from tilt.embedded.screen import Screen
from tilt.embedded.subgraphs import SUBGRAPHS

MEGABYTE = 1024 * 1024


def proportional_bytes(pid: int) -> int:
    """The PSS of one process; where the system knows none (macOS), what is its alone."""
    memory = psutil.Process(pid).memory_full_info()
    return int(getattr(memory, "pss", memory.uss))


def print_memory(screen: Screen, running: Mapping[str, Identity]) -> None:
    """A table of all processes, and the sum that has a limit."""
    sizes = {name: proportional_bytes(identity.pid) for name, identity in running.items()}
    rows = [(name, f"{size / MEGABYTE:7.1f}") for name, size in sorted(sizes.items(), key=lambda item: -item[1])]
    limited = sum(sizes.get(name, 0) for name in (*SUBGRAPHS, "router"))
    rows += [
        ("", ""),
        ("all subgraphs and router", f"{limited / MEGABYTE:7.1f}"),
        ("with their prefork server", f"{(limited + sizes.get('prefork-server', 0)) / MEGABYTE:7.1f}"),
        ("all", f"{sum(sizes.values()) / MEGABYTE:7.1f}"),
    ]
    screen.table("Memory (PSS)", ("process", "MB"), rows)
