"""What the routers of a mesh read: the supergraph of the tree, with this mesh's addresses of its subgraphs in it.

The mesh writes it when the subgraphs are ready for it, whatever is composed in the tree meanwhile. Because it says
where each subgraph is, a subgraph can come to a router that was started without it.
"""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from tilt.embedded.http import post
from tilt.embedded.reloading.composition import COMPOSED_FILE
from tilt.embedded.settings import Settings

# Both routers look once a second, the Node router when it is asked something; then they build what they plan with.
TAKEN_SECONDS = 2.0
ASK_SECONDS = 0.25
_GRAPH = re.compile(r'(?P<head>@join__graph\(name: "(?P<name>[^"]+)", url: )"[^"]*"')
_QUESTION = json.dumps({"query": "{ __typename }"}).encode()


def routed_file(settings: Settings) -> Path:
    """The file that this mesh's routers read."""
    return settings.mercato_data_dir / "supergraph.graphql"


def routed_variables(settings: Settings) -> dict[str, str]:
    """What a router is told of it, unless whoever starts the mesh tells it another file."""
    return {"SUPERGRAPH_FILE": os.environ.get("SUPERGRAPH_FILE") or str(routed_file(settings))}


def with_addresses(supergraph: str, urls: Mapping[str, str]) -> str:
    """A supergraph with the addresses of subgraphs that are known in the place of those that it was composed with."""

    def addressed(graph: re.Match[str]) -> str:
        url = urls.get(graph["name"])
        return f'{graph["head"]}"{url.rstrip("/")}/graphql"' if url else graph[0]

    return _GRAPH.sub(addressed, supergraph)


class RoutedSupergraph:
    """What the routers of one mesh plan with."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._composed = COMPOSED_FILE.read_text(encoding="utf-8") if COMPOSED_FILE.exists() else ""

    def write(self, composed: str) -> bool:
        """Have the routers read another supergraph, and the tree hold it; whether it is another one."""
        urls = {name: each.url for name, each in self._settings.subgraphs.items()}
        self._composed = composed
        replace_text(COMPOSED_FILE, composed)
        return replace_text(routed_file(self._settings), with_addresses(composed, urls))

    def write_first(self) -> None:
        """Have the routers read what the tree holds."""
        self.write(self._composed)

    def is_composed(self) -> bool:
        """Whether the tree holds what was written there last."""
        return COMPOSED_FILE.exists() and COMPOSED_FILE.read_text(encoding="utf-8") == self._composed

    async def taken(self) -> None:
        """Return when the router has had the time to take what was written last."""
        deadline = asyncio.get_running_loop().time() + TAKEN_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            await asyncio.gather(post(f"{self._settings.router_url}/graphql", _QUESTION), return_exceptions=True)
            await asyncio.sleep(ASK_SECONDS)


def replace_text(file: Path, text: str) -> bool:
    """Write a file that others read at any moment; whether it was another one before."""
    if file.exists() and file.read_text(encoding="utf-8") == text:
        return False
    unfinished = file.with_name(f"{file.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    if file.exists():
        shutil.copymode(file, unfinished)
    unfinished.replace(file)
    return True
