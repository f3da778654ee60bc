"""The entry of a subgraph in ``supergraph.yaml``; every other list follows from that file."""

import re
from pathlib import Path

from tilt.embedded.manifest import NAMES_FILE
from tilt.scaffold.names import Answers


def enter(root: Path, answers: Answers) -> None:
    """Adds the entry at the end of the file, whose comments and order stay."""
    file = root / NAMES_FILE
    text = file.read_text().rstrip("\n")
    entry = (
        f"  {answers.name}:",
        f"    routing_url: http://127.0.0.1:{answers.port}/graphql",
        "    schema:",
        f"      file: ./schema/{answers.name}.graphql",
    )
    _replace(file, "\n".join((text, *entry)) + "\n")


def strike(root: Path, name: str) -> None:
    """Takes the entry away, with what is indented below it."""
    file = root / NAMES_FILE
    _replace(file, re.sub(rf"^  {name}:.*\n(?:    .*\n|\n)*", "", file.read_text(), flags=re.MULTILINE))


def _replace(file: Path, text: str) -> None:
    """In one step: a running mesh reads the file when it changes."""
    unfinished = file.with_suffix(".new")
    unfinished.write_text(text)
    unfinished.replace(file)
