"""Brings a running mesh to what is saved in its tree, one save after the other.

The order is that of a careful roll-out: topics; subgraphs whose contracts take nothing away; the supergraph; then
subgraphs that take something away, or go. So a router plans with nothing that no subgraph has yet, or has no more.
"""

import asyncio
import time
from collections.abc import Awaitable, Iterable

from tilt.embedded.errors import MeshError
from tilt.embedded.reloading import chassis
from tilt.embedded.reloading.composition import Composition, compose
from tilt.embedded.reloading.newcomers import follow_manifests, let_go, make_topics, take_in
from tilt.embedded.reloading.parts import Parts
from tilt.embedded.reloading.routed import RoutedSupergraph
from tilt.embedded.reloading.saved import CHASSIS, Saved
from tilt.embedded.reloading.version import Version, next_version, run_command
from tilt.embedded.services import Subgraph
from tilt.embedded.subgraphs import MANIFESTS

_BEFORE = "the version before goes on"


class Reloader:
    """One mesh's; it remembers what was saved and could not be served, and tries that again with a later save."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._routed = RoutedSupergraph(parts.settings)
        self._pending = Saved()
        self._taken_in = set(MANIFESTS)
        self._telling_router: asyncio.Task[None] | None = None

    async def serve(self, saved: Saved) -> None:
        """Have what was saved served, and say of each part in a line whether it is."""
        if saved.composed and self._routed.is_composed():
            saved.composed = False  # it was us who wrote it
        self._pending.add(saved)
        await self._read_manifests()
        await self._make_topics()
        await self._import_chassis()
        composition = await self._compose(saved)
        if composition is None:
            await self._bring(self._saved_subgraphs() - self._pending.contracts)
        else:
            await self._follow_by_example(saved.contracts - self._running())
            await self._roll_out(composition)
        await chassis.retire_unused(self._parts)

    async def _read_manifests(self) -> None:
        if self._pending.manifests and await self._done("", follow_manifests(self._parts)):
            self._pending.manifests, self._pending.topics, self._pending.composed = False, True, True
            known = [each for each in self._parts.subgraphs if each.name in MANIFESTS and isinstance(each, Version)]
            self._pending.code |= {each.name for each in known if not each.is_told(self._parts.environment)}

    async def _make_topics(self) -> None:
        if self._pending.topics and await self._done("", make_topics(self._parts)):
            self._pending.topics = False

    async def _import_chassis(self) -> None:
        begun = time.monotonic()
        if self._pending.chassis and await self._done("shared: ", chassis.import_anew(self._parts)):
            self._say(f"shared: imported in {_seconds_since(begun)}, the subgraphs move over one after the other")
            self._pending.chassis = False
            self._pending.code |= self._staying()
            if CHASSIS in self._pending.migrations:
                self._pending.migrations = self._running()

    async def _compose(self, saved: Saved) -> Composition | None:
        """What is saved of contracts, composed; None where nothing is to be composed, or can't be."""
        waiting = self._pending.contracts | self._arriving()
        touched = saved.contracts or saved.composed or saved.manifests or saved.code & waiting
        if self._pending.manifests or not touched or not (waiting or self._pending.composed):
            return None
        try:
            return await compose(
                {each.name: each.contract for each in self._parts.subgraphs if isinstance(each, Version)}
            )
        except MeshError as error:
            self._say_mistake(f"{error}; {_BEFORE}")
            return None

    async def _follow_by_example(self, contracts: set[str]) -> None:
        """Have the examples of a slice read contracts of those that it does not run."""
        examples = self._parts.examples
        if examples and contracts and await self._done("examples: ", self._parts.supervisor.restart(examples)):
            self._say(f"examples: answer by schema/{', '.join(sorted(contracts))}.graphql as it is now")

    async def _roll_out(self, composition: Composition) -> None:
        self._pending.contracts = (self._pending.contracts | composition.losing) & self._staying()
        await self._bring(self._saved_subgraphs() - composition.losing)
        for name in self._arriving():
            await self._take_in(name)
        if self._pending.contracts <= composition.losing and not self._arriving():
            await self._route(composition)
            await self._bring(composition.losing)
            for name in self._leaving():
                await self._let_go(name)

    async def _bring(self, names: Iterable[str]) -> None:
        for subgraph in [each for each in self._parts.subgraphs if each.name in names]:
            await self._bring_next(subgraph)

    async def _bring_next(self, old: Subgraph) -> None:
        begun, name = time.monotonic(), old.name
        self._pending.code.discard(name)  # what does not work now will not before it is saved again
        if await self._done(f"{name}: ", self._next_version(old)):
            self._pending.discard(name)
            self._say(f"{name}: reloaded in {_seconds_since(begun)}")

    async def _next_version(self, old: Subgraph) -> None:
        if old.name in self._pending.migrations:
            await run_command(self._parts, old.name, "migrate")
        await next_version(self._parts, old)

    async def _take_in(self, name: str) -> None:
        begun = time.monotonic()
        if await self._done(f"{name}: ", take_in(self._parts, name), "it is tried again with the next save of it"):
            self._taken_in.add(name)
            self._pending.discard(name)
            self._say(f"{name}: taken in after {_seconds_since(begun)}")

    async def _let_go(self, name: str) -> None:
        await let_go(self._parts, name)
        self._taken_in.discard(name)
        self._pending.discard(name)
        self._say(f"{name}: stopped, for it is in supergraph.yaml no more; its database stays")

    async def _route(self, composition: Composition) -> None:
        self._pending.composed = False
        if not self._routed.write(composition.supergraph):
            return
        self._say("supergraph: composed, the router plans with it from now on")
        self._telling_router = asyncio.create_task(self._routed.taken())
        if composition.losing or self._leaving():
            await self._telling_router

    def _running(self) -> set[str]:
        return {each.name for each in self._parts.subgraphs}

    def _staying(self) -> set[str]:
        """Those that run, without those whose files may be gone already, for they are stopped at the end."""
        return self._running() - self._leaving()

    def _saved_subgraphs(self) -> set[str]:
        """Those that run and stay, and of which something was saved that they do not serve yet."""
        return self._staying() & (self._pending.code | self._pending.contracts)

    def _arriving(self) -> set[str]:
        return MANIFESTS.keys() - self._taken_in

    def _leaving(self) -> set[str]:
        return self._taken_in - MANIFESTS.keys()

    async def _done(self, what: str, work: Awaitable[None], otherwise: str = _BEFORE) -> bool:
        """Whether something could be done; what stands against it is said."""
        try:
            await work
        except MeshError as error:
            self._say_mistake(f"{what}{error}; {otherwise}")
            return False
        return True

    def _say(self, line: str) -> None:
        self._parts.screen.say(line, "green")

    def _say_mistake(self, line: str) -> None:
        self._parts.screen.say(" ".join(line.split()), "red")


def _seconds_since(begun: float) -> str:
    return f"{time.monotonic() - begun:.1f} s"
