"""The mesh from first to last: backends, databases and topics, migrations, seed, subgraphs, router."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from tilt.embedded.backends.kafka import create_topics
from tilt.embedded.credentials import load_credentials
from tilt.embedded.databases import ensure_databases
from tilt.embedded.environment import mesh_environment
from tilt.embedded.errors import MeshError
from tilt.embedded.examples import Examples
from tilt.embedded.external import wait_for_external
from tilt.embedded.marks import Mark
from tilt.embedded.preflight import RouterProgram
from tilt.embedded.prefork_client import PreforkService, imported_by
from tilt.embedded.records import Records
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.routed import RoutedSupergraph, routed_variables
from tilt.embedded.reloading.version import Version
from tilt.embedded.screen import Screen
from tilt.embedded.service import Service
from tilt.embedded.services import Backends, Router, Subgraph, embedded_backends, subgraph_command
from tilt.embedded.settings import Settings
from tilt.embedded.slices import slice_of
from tilt.embedded.supervisor import Supervisor
from tilt.embedded.topics import all_topics

# What seeds put in. Raise it when they put more into a shop that is filled already, so that they are asked once more.
_SEEDS = "2: pictures"


class Mesh:
    """All services of one data folder."""

    def __init__(self, settings: Settings, router: RouterProgram, screen: Screen, records: Records) -> None:
        self._settings = settings
        self._screen = screen
        self._supervisor = Supervisor(records, screen)
        self._credentials = load_credentials(settings)
        self.environment = mesh_environment(settings, self._credentials)
        self._prefork_server = PreforkService(settings.log_folder / "prefork-server.log")
        self._part = slice_of(settings)
        self._names = self._part.real
        self._prefork_server.imports = imported_by(self._names)
        self._backends: Backends = embedded_backends(settings, self._credentials, self._part.backends())
        kind = Version if settings.reload else Subgraph
        self._subgraphs = [kind(name, self._prefork_server, settings, self.environment) for name in self._names]
        self._examples = None
        if not self._part.is_whole:
            self._examples = Examples(self._part, self._prefork_server, settings, self.environment)
        keeper = next((each for each in self._subgraphs if each.name == "users"), self._examples)
        assert keeper is not None
        self._keeper_of_keys: Service = keeper
        routed = routed_variables(settings) if settings.reload else {}
        self._router = Router(router.command, settings, self.environment | routed)
        running = [self._prefork_server], self._subgraphs, self._examples, self._router
        self.parts = Parts(settings, self.environment, screen, self._supervisor, self._backends, *running)

    async def start(self) -> None:
        """Everything, each part awaited before what needs it."""
        await together(
            *(self._wait(name, check) for name, check in wait_for_external(self._settings, self.environment))
        )
        if self._settings.reload:
            RoutedSupergraph(self._settings).write_first()
        await together(self._run_examples(), self._run_subgraphs())

    async def _run_examples(self) -> None:
        """They need no database; where they keep the token keys, the router need not wait for more."""
        if self._examples is None:
            return
        await self._supervisor.run(self._examples, ", ".join(self._part.by_example))
        if self._keeper_of_keys is self._examples:
            await self._supervisor.run(self._router)

    async def _run_subgraphs(self) -> None:
        await together(
            self._prepare_data(),
            self._prepare_kafka(),
            *(self._supervisor.run(each) for each in self._backends.all if each not in self._prepared()),
        )
        await together(*map(self._run_subgraph, self._subgraphs))

    async def stop(self) -> None:
        """Everything, who takes requests first, who keeps data last."""
        examples = [self._examples] if self._examples else []
        tiers: list[list[Service]] = [
            [self._router],
            [*self._subgraphs, *examples],
            [*self.parts.prefork_servers],
            self._backends.all,
        ]
        await self._supervisor.stop(tiers)

    async def _run_subgraph(self, subgraph: Service) -> None:
        """Hive Router fetches the token keys of users when it starts, and not soon again."""
        await self._supervisor.run(subgraph)
        if subgraph is self._keeper_of_keys:
            await self._supervisor.run(self._router)

    async def _prepare_data(self) -> None:
        """All that needs no Kafka, which takes longest to come."""
        await together(
            self._supervisor.run(self._prefork_server, "what all subgraphs import"), self._prepare_postgres()
        )
        await self._run_commands("migrate", "schemas of all databases")
        await self._seed()

    def _prepared(self) -> tuple[Service | None, ...]:
        return (self._backends.postgres, self._backends.kafka)

    async def _prepare_postgres(self) -> None:
        postgres = self._backends.postgres
        if postgres is None:
            return
        await self._supervisor.run(postgres)
        with self._screen.step("databases", "a role and a database each"):
            given = {name for name, subgraph in self._settings.subgraphs.items() if subgraph.database_url}
            passwords = self._credentials.database_passwords
            await ensure_databases(postgres.url(), {name: passwords[name] for name in self._names if name not in given})

    async def _prepare_kafka(self) -> None:
        if self._backends.kafka is not None:
            await self._supervisor.run(self._backends.kafka)
        with self._screen.step("topics"):
            await create_topics(self.environment["KAFKA_BOOTSTRAP_SERVERS"], all_topics())

    async def _wait(self, name: str, check: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with self._screen.step(name, "yours"):
            await check()

    async def _run_commands(self, command: str, note: str) -> None:
        """One command of all subgraphs at once; all must succeed."""
        with self._screen.step(command, note):
            await together(*(self._run_command(name, command) for name in self._names))

    async def _run_command(self, name: str, command: str) -> None:
        process = subgraph_command(name, command, self._prefork_server, self._settings, self.environment)
        await process.start()
        status = await process.exited()
        if status != 0:
            log = f"The end of {process.log}:\n{process.last_lines()}"
            raise MeshError(f"`python -m subgraphs.{name} {command}` failed with {status}. {log}")

    async def _seed(self) -> None:
        """Once per set of databases: the commands find out themselves that there is nothing to do, but not for free."""
        urls = [self.environment[f"{name.upper()}_DATABASE_URL"] for name in self._names]
        mark = Mark(self._settings.mercato_data_dir / "seeded", [f"{_SEEDS}\n{url}" for url in urls])
        if not mark.is_set():
            await self._run_commands("seed", "a shop to look at")
            mark.add()


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """All at once; when one fails the others are cancelled, and its error alone is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
