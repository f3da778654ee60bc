"""Which mesh the demonstration runs against: the embedded one, or any that the environment names."""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tilt.embedded.errors import MeshError

_EXAMPLE = "kubectl --namespace mercato exec deployment/{name}-serve -- python -m subgraphs.{name}"


@dataclass(frozen=True)
class Target:
    """Where the demonstration buys, reads mail, and runs a subgraph's own command.

    ``{name}`` is the subgraph's name.
    """

    router_url: str
    mailbox_url: str
    command: str

    def subgraph_command(self, name: str) -> list[str]:
        """The beginning of a command line that runs a command of a subgraph."""
        return shlex.split(self.command.replace("{name}", name))


def target(environment: Mapping[str, str], embedded: Mapping[str, str]) -> Target:
    """The mesh that ``ROUTER_URL`` and ``MAILBOX_URL`` of the environment name, or else the embedded one.

    Raises:
        MeshError: when it is another one, and ``MERCATO_SUBGRAPH_COMMAND`` does not say how to run a command there.
    """
    router = environment.get("ROUTER_URL") or embedded["ROUTER_URL"]
    command = environment.get("MERCATO_SUBGRAPH_COMMAND")
    if router != embedded["ROUTER_URL"] and not command:
        raise MeshError(
            f"ROUTER_URL names another mesh; say how its commands are run: MERCATO_SUBGRAPH_COMMAND='{_EXAMPLE}'"
        )
    own_command = f"{shlex.quote(sys.executable)} -m subgraphs.{{name}}"
    return Target(router, environment.get("MAILBOX_URL") or embedded["MAILBOX_URL"], command or own_command)
