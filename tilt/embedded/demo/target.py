"""Which mesh the demonstration runs against: the one of `make up`, or any that the environment names."""

import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tilt.embedded.errors import MeshError
from tilt.embedded.sharing import for_subgraph

_EXAMPLE = "kubectl --namespace mercato exec deployment/{name}-serve -- python -m subgraphs.{name}"
_HOW = f"If ROUTER_URL names another mesh, say how its commands are run: MERCATO_SUBGRAPH_COMMAND='{_EXAMPLE}'"
_OTHERS = ("ROUTER_URL", "MAILBOX_URL", "MERCATO_SUBGRAPH_COMMAND")


@dataclass(frozen=True)
class Target:
    """Where the demonstration buys, reads mail, and runs a subgraph's own command.

    ``{name}`` is the subgraph's name.
    """

    router_url: str
    mailbox_url: str
    command: str
    environment: Mapping[str, str] = field(default_factory=dict)  # what its commands are told beside our environment

    def subgraph_command(self, name: str) -> list[str]:
        """The beginning of a command line that runs a command of a subgraph."""
        return shlex.split(self.command.replace("{name}", name))


def target(environment: Mapping[str, str], running_mesh: Callable[[], Mapping[str, str]]) -> Target:
    """The mesh that the environment names, or else the running one, whose variables are asked for only then.

    Raises:
        MeshError: when another one is named without ``MERCATO_SUBGRAPH_COMMAND``, which says how to run a command
            there, or without one of the addresses; and what ``running_mesh`` raises.
    """
    router_url, mailbox_url, command = (environment.get(name) for name in _OTHERS)
    if router_url and mailbox_url and command:
        return Target(router_url, mailbox_url, command)
    if command:
        raise MeshError("MERCATO_SUBGRAPH_COMMAND is for another mesh; say where that is: ROUTER_URL and MAILBOX_URL")
    try:
        embedded = running_mesh()
    except MeshError as error:
        raise MeshError(f"{error} {_HOW}" if router_url else str(error)) from None
    if router_url not in (None, "", embedded["ROUTER_URL"]):
        raise MeshError(_HOW)
    own_command = f"{shlex.quote(sys.executable)} -m subgraphs.{{name}}"
    return Target(embedded["ROUTER_URL"], embedded["MAILBOX_URL"], own_command, for_subgraph("inventory", embedded))
