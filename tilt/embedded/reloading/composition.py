"""Composes what is saved of contracts, as `make compose` does, and says what is wrong with it in one line."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tilt.embedded.errors import MeshError
from tilt.embedded.process import REPOSITORY
from tilt.embedded.sharing import for_everybody

COMPOSED_FILE = REPOSITORY / "schema" / "supergraph.graphql"
_COMMAND = ("node", "compose/saved.js")
_IN_FILE = re.compile(r"^\[\w+\] (?=\S+\.graphql:\d)")
_IN_SUBGRAPH = re.compile(r"^\[(\w+)\] ")


@dataclass(frozen=True)
class Composition:
    """A supergraph, and the subgraphs whose new contracts take away what older plans of a router may ask for."""

    supergraph: str
    losing: frozenset[str]


async def compose(served: Mapping[str, str]) -> Composition:
    """Compose the files of the tree; ``served`` are the SDLs that subgraphs serve now.

    Raises:
        MeshError: with what stands against it, in one line.
    """
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        cwd=REPOSITORY / "router",
        env=for_everybody(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaints = await process.communicate(json.dumps(served).encode())
    if process.returncode:
        raise MeshError(_of_program(complaints.decode(errors="replace")))
    return _composition(json.loads(output))


def _composition(answer: Mapping[str, Any]) -> Composition:
    problems = [_IN_SUBGRAPH.sub(r"schema/\1.graphql: ", _IN_FILE.sub("schema/", each)) for each in answer["problems"]]
    if problems:
        more = f" (and {len(problems) - 1} more: `make compose`)" if len(problems) > 1 else ""
        raise MeshError(" ".join(problems[0].split()) + more)
    return Composition(answer["supergraph"], frozenset(answer["losing"]))


def _of_program(complaints: str) -> str:
    """The line of a stack that names the error."""
    errors = [line for line in complaints.splitlines() if re.match(r"\w*(Error|Exception)\b", line)]
    return f"it can't be composed: {errors[0] if errors else complaints.strip().rpartition(chr(10))[2]}"


def contract_of(name: str) -> str:
    """The SDL of a subgraph as it is saved; empty where there is none."""
    file = REPOSITORY / "schema" / f"{name}.graphql"
    return file.read_text(encoding="utf-8") if file.exists() else ""
