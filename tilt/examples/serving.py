"""The process of examples: answers on the ports of all subgraphs that do not run."""

import asyncio
import contextlib
import gc
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.routing import Route

from shared.runtime.app import serving_app
from shared.runtime.health import Health
from shared.runtime.listening import listening
from shared.security.auth import TokenVerifier
from shared.security.secrets import Secret
from tilt.examples.contract import read_contract
from tilt.examples.events import events_of, publish
from tilt.examples.keys import jwks_route
from tilt.examples.pin_files import PinFiles
from tilt.examples.pins import PinnedEvent
from tilt.examples.schema import answering

_LOOK_SECONDS = 0.5
_USERS = "users"  # who publishes the keys of tokens


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subgraph would listen."""

    name: str
    host: str
    port: int


async def serve(places: Sequence[Place], files: Sequence[Path]) -> None:
    """Answers until SIGTERM or SIGINT; publishes the events of pins at the start, and those that are saved later."""
    stop, pins, health = asyncio.Event(), PinFiles(files), Health()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    environment = os.environ
    verifier = TokenVerifier(environment["JWKS_URL"], environment["TOKEN_ISSUER"], environment["TOKEN_AUDIENCE"])
    health.checks["pins"] = pins.require_right
    secret = Secret(environment["ROUTER_SECRET"])
    async with contextlib.AsyncExitStack() as stack:
        for place in places:
            schema = answering(read_contract(place.name), pins.current)
            app = serving_app(schema, verifier, secret, health, _routes(place))
            await stack.enter_async_context(listening(app, place.host, place.port, stop))
        health.waiting_for = ""
        gc.freeze()
        telling = asyncio.create_task(_tell(pins, [place.name for place in places]))
        await stop.wait()
        telling.cancel()


def _routes(place: Place) -> list[Route]:
    return [jwks_route(Path(os.environ["USERS_SIGNING_KEY_FILE"]))] if place.name == _USERS else []


async def _tell(pins: PinFiles, names: Sequence[str]) -> None:
    """Publishes each event once, also those that are written while this runs."""
    told: list[PinnedEvent] = []
    while True:
        new = [event for event in events_of(pins.current().events, names) if event not in told]
        await publish(new, os.environ["KAFKA_BOOTSTRAP_SERVERS"])
        told += new
        await asyncio.sleep(_LOOK_SECONDS)
