"""What is saved in shared/ is imported by a prefork server of its own, beside the one that subgraphs run in."""

from tilt.embedded.errors import MeshError
from tilt.embedded.prefork_client import MALLOC, PreforkService
from tilt.embedded.process import REPOSITORY
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.reasons import log_length, reason_since
from tilt.embedded.reloading.version import NO_BYTECODE


async def import_anew(parts: Parts) -> None:
    """Have the next versions of all subgraphs forked from a new prefork server.

    Raises:
        MeshError: when it can't import what is saved, in one line; then the one before is forked from.
    """
    log = parts.prefork_server.process.log
    server, begun = PreforkService(log, MALLOC | NO_BYTECODE), log_length(log)
    server.imports = parts.prefork_server.imports
    try:
        await parts.supervisor.start(server)
    except BaseException as error:
        await server.stop()
        if isinstance(error, MeshError):
            raise MeshError(reason_since(log, begun, REPOSITORY)) from error
        raise
    parts.prefork_servers.append(server)


async def retire_unused(parts: Parts) -> None:
    """Stop the prefork servers of before that no subgraph runs in any more."""
    used = [each.process.prefork_server for each in parts.subgraphs]
    for server in parts.prefork_servers[:-1]:
        if server not in used:
            parts.prefork_servers.remove(server)
            await parts.supervisor.retire(server)
