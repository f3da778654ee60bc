"""The one process that answers for all subgraphs that a slice does not run."""

import os
from collections.abc import Mapping

from tilt.embedded.http import expect_ok
from tilt.embedded.prefork_client import ForkedProcess, PreforkService
from tilt.embedded.service import Service
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import EVERYBODY, Names
from tilt.embedded.slices import EXAMPLES, Slice

_TOLD = EVERYBODY + Names(
    (
        "JWKS_URL",
        "TOKEN_ISSUER",
        "TOKEN_AUDIENCE",
        "ROUTER_SECRET",
        "KAFKA_BOOTSTRAP_SERVERS",
        "USERS_SIGNING_KEY_FILE",
    )
)


class Examples(Service):
    """Examples on the ports of those that do not run, forked from the prefork server."""

    def __init__(
        self, part: Slice, prefork_server: PreforkService, settings: Settings, environment: Mapping[str, str]
    ) -> None:
        places = {name: settings.subgraphs[name] for name in part.by_example}
        self._urls = [f"http://{own.host}:{own.port}/health/ready" for own in places.values()]
        files = ["--pins", *map(str, part.pin_files)] if part.pin_files else []
        self.process: ForkedProcess = ForkedProcess(
            name=EXAMPLES,
            log=settings.log_folder / f"{EXAMPLES}.log",
            prefork_server=prefork_server,
            module="tilt.examples",
            arguments=[*(f"{name}={own.host}:{own.port}" for name, own in places.items()), *files],
            environment=_TOLD.of({**os.environ, **environment}),
        )

    async def start(self) -> None:
        await self.process.start()

    async def check(self) -> None:
        for url in self._urls:
            await expect_ok(url)
