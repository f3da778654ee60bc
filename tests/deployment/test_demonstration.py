"""Images for customers hold neither the demonstration shop nor what draws its pictures; those that fill one do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import SUBGRAPHS

DOCKERFILE = (REPOSITORY / "k8s" / "images" / "subgraph.Dockerfile").read_text()
STAGE = re.compile(r"^FROM (?P<base>\S+) AS (?P<name>\S+)\n(?P<steps>(?:(?!^FROM ).*\n?)*)", re.MULTILINE)
STAGES = {found["name"]: (found["base"], found["steps"]) for found in STAGE.finditer(DOCKERFILE)}
COPIED = re.compile(r"^COPY (?:--chown=\S+ )?(?P<files>[^-].*) \S+$", re.MULTILINE)
FROM_STAGE = re.compile(r"^COPY --from=(?P<stage>\S+) ", re.MULTILINE)
# As in an image without them: Python finds no module of that name.
WITHOUT_SEEDS = "import sys; sys.modules['seeds'] = None; "


def copied_into(stage: str) -> set[str]:
    """Whatever of the repository is copied into a stage, those that it begins with, and those that it copies from."""
    if stage not in STAGES:
        return set()
    base, steps = STAGES[stage]
    files = {file for found in COPIED.finditer(steps) for file in found["files"].split()}
    return files.union(copied_into(base), *(copied_into(found["stage"]) for found in FROM_STAGE.finditer(steps)))


def test_what_is_built_without_a_target_holds_no_seeds() -> None:
    default = list(STAGES)[-1]
    assert {"shared", "subgraphs/${SUBGRAPH}"} <= copied_into(default)
    assert "seeds" not in copied_into(default)


@pytest.mark.parametrize("stage", ["demonstration", "development"])
def test_what_fills_a_demonstration_shop_holds_seeds(stage: str) -> None:
    assert {"seeds", "shared", "subgraphs/${SUBGRAPH}"} <= copied_into(stage)


def test_whatever_draws_is_a_part_of_seeds() -> None:
    drawing = [path for path in (REPOSITORY / "subgraphs").rglob("*.py") if "<svg" in path.read_text()]
    assert drawing == []
    assert any("<svg" in path.read_text() for path in (REPOSITORY / "seeds").rglob("*.py"))


def test_every_subgraph_can_be_built_without_seeds() -> None:
    modules = ", ".join(f"subgraphs.{name}.bootstrap" for name in SUBGRAPHS)
    ran(f"{WITHOUT_SEEDS}import {modules}")


def test_a_seed_without_seeds_ends_with_one_line_that_says_where_they_are() -> None:
    program = f"""{WITHOUT_SEEDS}
import asyncio
from types import SimpleNamespace
from shared.runtime import service
from subgraphs.products.bootstrap import seed

async def connected(subgraph, action):
    await action

service._connected = connected
try:
    asyncio.run(service._seed(SimpleNamespace(seed=seed), SimpleNamespace(products=1, wait=0)))
except service.ServiceError as error:
    print(error)
"""
    assert "the target demonstration" in ran(program)


def ran(program: str) -> str:
    """What a Python program prints; it has to end well."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(REPOSITORY), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
