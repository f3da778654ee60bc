"""What makes a subgraph: everything that the chassis needs to run it. A subgraph's ``bootstrap`` builds one."""

import argparse
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from ariadne.types import SchemaBindable
from graphql import GraphQLSchema
from starlette.routing import BaseRoute

from shared.events.handlers import EventHandler
from shared.graphql.authorization import Policies
from shared.graphql.federation import AnyEntity, build_schema
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
    ``policies`` decide what the SDL's ``@policy`` names.
    """

    name: str
    settings: SubgraphSettings
    tables: ModuleType
    bindables: Sequence[SchemaBindable]
    entities: Sequence[AnyEntity]
    seed: Callable[[int], Awaitable[None]]
    rpc_services: tuple[Register, ...] = ()
    routes: Sequence[BaseRoute] = ()
    handlers: Sequence[EventHandler] = ()
    workers: tuple[Worker, ...] = ()
    commands: Sequence[Command] = ()
    resources: Sequence[AbstractAsyncContextManager[object]] = ()
    policies: Policies = field(default_factory=dict)

    @property
    def contract(self) -> Path:
        """The file of the subgraph's contract."""
        return SCHEMA_FOLDER / f"{self.name}.graphql"

    @property
    def sdl(self) -> str:
        """The subgraph's contract."""
        return self.contract.read_text()

    def schema(self) -> GraphQLSchema:
        """The contract with what answers it.

        Raises:
            ContractError: when the contract says something that would not be done.
        """
        return build_schema(self.sdl, self.bindables, self.entities, self.policies)

    @property
    def migrations(self) -> str:
        """The package that holds the subgraph's migrations."""
        return f"subgraphs.{self.name}.infrastructure.migrations"
