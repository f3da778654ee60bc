"""A mesh that runs takes in a subgraph that is new in the manifest, and lets go of one that is gone."""

from functools import partial

from tilt.embedded.backends.kafka import create_topics
from tilt.embedded.credentials import load_credentials
from tilt.embedded.databases import ensure_databases
from tilt.embedded.environment import mesh_environment
from tilt.embedded.errors import MeshError
from tilt.embedded.external import check_database, insist
from tilt.embedded.ports import listeners, why_not
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.version import first_version, run_command
from tilt.embedded.settings import load_settings
from tilt.embedded.subgraphs import read_again
from tilt.embedded.topics import all_topics


async def follow_manifests(parts: Parts) -> None:
    """Have settings, credentials and addresses be those of the manifests as they are now.

    Raises:
        MeshError: when they say what can't be so.
    """
    read_again()
    parts.settings.subgraphs = load_settings().subgraphs
    parts.environment.update(mesh_environment(parts.settings, load_credentials(parts.settings)))


async def make_topics(parts: Parts) -> None:
    """Make the topics that contracts declare and Kafka does not have.

    Raises:
        MeshError: when Kafka refuses one, or a contract can't be read.
    """
    try:
        await create_topics(parts.environment["KAFKA_BOOTSTRAP_SERVERS"], all_topics())
    except MeshError:
        raise
    except Exception as error:  # of YAML, of a contract without channels, of a Kafka that is away
        raise MeshError(f"no topics are made: {' '.join(f'{type(error).__name__}: {error}'.split())}") from error


async def take_in(parts: Parts, name: str) -> None:
    """Give a newcomer its database and its tables, fill them, start it.

    Raises:
        MeshError: when one of these can't be done, in one line; it can be tried again.
    """
    _require_its_ports(parts, name)
    await _prepare_database(parts, name)
    await run_command(parts, name, "migrate")
    await run_command(parts, name, "seed")
    await first_version(parts, name)


async def let_go(parts: Parts, name: str) -> None:
    """Stop a subgraph that is in no manifest any more; its database stays."""
    subgraph = parts.subgraph(name)
    if subgraph is not None:
        parts.subgraphs.remove(subgraph)
        await parts.supervisor.retire(subgraph)


def _require_its_ports(parts: Parts, name: str) -> None:
    own = parts.settings.subgraphs[name]
    for variable, port in ((f"{name.upper()}_PORT", own.port), (f"{name.upper()}_GRPC_PORT", own.grpc_port)):
        if why_not(own.host, port):
            taker = listeners().get(port, "another program")
            raise MeshError(f"{variable}: port {port} is taken by {taker}. Choose another in its manifest")


async def _prepare_database(parts: Parts, name: str) -> None:
    given, postgres = parts.settings.subgraphs[name].database_url, parts.backends.postgres
    if given:
        await insist(f"{name.upper()}_DATABASE_URL", partial(check_database, given))
    elif postgres is None:
        raise MeshError(f"{name.upper()}_DATABASE_URL must be set: this mesh runs no Postgres of its own")
    else:
        password = load_credentials(parts.settings).database_passwords[name]
        await ensure_databases(postgres.url(), {name: password})
