"""What a mesh that serves heeds: what is saved in its tree, and what other terminals ask for."""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from tilt.embedded.errors import MeshError
from tilt.embedded.process import REPOSITORY
from tilt.embedded.reloading.asking import answering
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.reasons import reason
from tilt.embedded.reloading.reloader import Reloader
from tilt.embedded.reloading.version import Version, next_version
from tilt.embedded.reloading.watching import watch
from tilt.embedded.service import Service


@asynccontextmanager
async def heeding(parts: Parts) -> AsyncIterator[asyncio.Event]:
    """While this is open, what is saved is served, unless RELOAD=0, and services are restarted for who asks.

    Both happen from when its event is set: what is saved while the mesh starts is served then.
    """
    serves = asyncio.Event()
    turn = asyncio.Lock()  # who asks for a restart waits until a save is served, and the other way round
    following = asyncio.create_task(_serve_saves(parts, serves, turn)) if parts.settings.reload else None
    try:
        async with answering(parts.settings.mercato_data_dir, partial(restart, parts, serves, turn)):
            yield serves
    finally:
        if following is not None:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


async def restart(parts: Parts, serves: asyncio.Event, turn: asyncio.Lock, name: str) -> str:
    """Start a service anew and wait until it is healthy; what to say of it.

    Raises:
        MeshError: when there is no such service, or it does not get healthy.
    """
    if not serves.is_set():
        raise MeshError("The mesh is only starting: ask again when it serves.")
    async with turn:
        begun, service = time.monotonic(), parts.services().get(name)
        if service is None:
            raise MeshError(f"There is no {name}. There are: {', '.join(sorted(parts.services()))}.")
        try:
            await _start_anew(parts, service)
        except MeshError as error:
            raise MeshError(f"{name} is not restarted: {error}") from error
    said = f"{name}: restarted in {time.monotonic() - begun:.1f} s"
    parts.screen.say(said, "green")
    return said


async def _start_anew(parts: Parts, service: Service) -> None:
    if isinstance(service, Version):
        await next_version(parts, service)
    else:
        await parts.supervisor.restart(service)


async def _serve_saves(parts: Parts, serves: asyncio.Event, turn: asyncio.Lock) -> None:
    reloader = Reloader(parts)
    async for saved in watch(REPOSITORY, parts.screen.say):
        await serves.wait()
        async with turn:
            try:
                await reloader.serve(saved)
            except Exception:  # whatever it was, the next save may do better
                why = reason(traceback.format_exc(), REPOSITORY)
                parts.screen.say(f"What was saved is not served: {why}; the next save is tried", "red")
