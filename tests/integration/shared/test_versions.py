"""Two versions of a process share a port: one takes over from the other, and no request is lost."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.runtime.listening import listening
from tests.subgraphs import eventually
from tilt.embedded.ports import free_ports


def saying(word: str) -> ASGIApp:
    async def answer(_: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": word.encode()})

    return answer


class Caller:
    """Asks without a pause, on one connection that lasts or on a new one each time."""

    def __init__(self, url: str, lasting: bool) -> None:
        self.last = ""
        self._url = url
        self._lasting = lasting

    async def ask(self, until: asyncio.Event) -> None:
        limits = httpx.Limits(max_keepalive_connections=int(self._lasting))
        async with httpx.AsyncClient(limits=limits) as client:
            while not until.is_set():
                self.last = (await client.get(self._url)).text

    async def heard(self, word: str) -> bool:
        return self.last == word


async def test_versions_take_over_a_port_from_each_other_without_a_lost_request() -> None:
    port, *own_ports = free_ports(6)
    before, done = asyncio.Event(), asyncio.Event()
    callers = [Caller(f"http://127.0.0.1:{port}", lasting) for lasting in (True, False)]
    asking: list[asyncio.Task[None]] = []
    async with AsyncExitStack() as versions:
        for own_port in own_ports:
            word, stop = str(own_port), asyncio.Event()
            version = listening(saying(word), "127.0.0.1", port, stop, version_port=own_port)
            await versions.enter_async_context(version)
            await eventually(partial(serves, own_port, word), "the new version serves")
            before.set()
            before = stop
            asking = asking or [asyncio.create_task(caller.ask(done)) for caller in callers]
            for caller in callers:
                await eventually(partial(caller.heard, word), "the new version answers")
        done.set()
        await asyncio.gather(*asking)


async def serves(port: int, word: str) -> bool:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}")).text == word
        except httpx.ConnectError:
            return False
