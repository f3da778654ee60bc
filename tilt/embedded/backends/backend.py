"""What all backends are: a server that is prepared in a data folder and then runs from one command."""

from abc import abstractmethod

from tilt.embedded.process import Process
from tilt.embedded.service import Service


class Backend(Service):
    """A server whose command is known once it is prepared: the mesh makes it a child, a container becomes it."""

    process: Process

    @abstractmethod
    async def prepare(self) -> None:
        """Make its data folder ready and its command complete."""

    async def start(self) -> None:
        await self.prepare()
        self.process.start()
