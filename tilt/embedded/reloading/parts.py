"""What a running mesh is made of, and what of it changes while it runs."""

from dataclasses import dataclass

from tilt.embedded.prefork_client import PreforkService
from tilt.embedded.screen import Screen
from tilt.embedded.service import Service
from tilt.embedded.services import Backends, Router, Subgraph
from tilt.embedded.settings import Settings
from tilt.embedded.supervisor import Supervisor


@dataclass
class Parts:
    """The parts of one mesh; who brings a new version of one puts it here in the place of the one before."""

    settings: Settings
    environment: dict[str, str]  # all variables of the mesh
    screen: Screen
    supervisor: Supervisor
    backends: Backends
    prefork_servers: list[PreforkService]  # the last one has what is saved in shared/, others what still runs of before
    subgraphs: list[Subgraph]
    examples: Service | None  # who answers for those that a slice does not run
    router: Router

    @property
    def prefork_server(self) -> PreforkService:
        """The one that new versions are forked from."""
        return self.prefork_servers[-1]

    def subgraph(self, name: str) -> Subgraph | None:
        """A subgraph that runs."""
        return next((each for each in self.subgraphs if each.name == name), None)

    def services(self) -> dict[str, Service]:
        """Everything that runs, by its name."""
        examples = [self.examples] if self.examples else []
        every: list[Service] = [*self.backends.all, *self.prefork_servers, *self.subgraphs, *examples, self.router]
        return {service.name: service for service in every}
