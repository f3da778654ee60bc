"""What makes a subgraph: everything that the chassis needs to run it. A subgraph's ``bootstrap`` builds one."""

import argparse
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ariadne.types import SchemaBindable
from starlette.routing import BaseRoute

from shared.events.handlers import EventHandler
from shared.graphql.federation import Entity
from shared.rpc.server import Register
from shared.runtime.config import SubgraphSettings
from shared.runtime.workers import Worker

SCHEMA_FOLDER = Path("schema")


@dataclass(frozen=True, slots=True)
class Command:
    """A further command of ``python -m subgraphs.<name>``; it runs with the database connected."""

    name: str
    help: str
    arguments: Callable[[argparse.ArgumentParser], object]
    run: Callable[[argparse.Namespace], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subgraph:
    """One team's service.

    ``seed`` fills an empty database with the number of demonstration products given; run again, it changes nothing.
    ``resources`` are opened before anything is served and closed last.
    """

    name: str
    settings: SubgraphSettings
    tables: ModuleType
    bindables: Sequence[SchemaBindable]
    entities: Sequence[Entity]
    seed: Callable[[int], Awaitable[None]]
    rpc_services: tuple[Register, ...] = ()
    routes: Sequence[BaseRoute] = ()
    handlers: Sequence[EventHandler] = ()
    workers: tuple[Worker, ...] = ()
    commands: Sequence[Command] = ()
    resources: Sequence[AbstractAsyncContextManager[object]] = ()

    @property
    def sdl(self) -> str:
        """The subgraph's contract."""
        return (SCHEMA_FOLDER / f"{self.name}.graphql").read_text()

    @property
    def migrations(self) -> str:
        """The package that holds the subgraph's migrations."""
        return f"subgraphs.{self.name}.infrastructure.migrations"
