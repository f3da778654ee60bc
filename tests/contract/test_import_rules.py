"""The rules about imports hold: each is broken once in a copy of the house, and says so."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tilt.embedded.process import REPOSITORY

PACKAGES = ("shared", "subgraphs", "seeds", "tilt", "schema", "scripts")
RULES = {
    "Subgraphs never import each other": (
        "subgraphs/users/queries/users.py",
        "from subgraphs.products.queries import products",
    ),
    "The chassis imports no subgraph": ("shared/money.py", "import subgraphs.users.domain.account"),
    "Domains import rules, and nothing that reads or writes": ("subgraphs/users/domain/account.py", "import asyncpg"),
    "Within a subgraph, imports point towards the domain": (
        "subgraphs/users/queries/users.py",
        "import subgraphs.users.commands.log_in",
    ),
    "Commands know ports, not what stands behind them": (
        "subgraphs/users/commands/log_in.py",
        "from shared.persistence import db",
    ),
    "Nothing but bootstrap names what stands behind ports": (
        "subgraphs/users/entrypoints/workers.py",
        "from subgraphs.users.infrastructure.sessions import PostgresSessions",
    ),
    "Only seeds read the demonstration catalogue": ("subgraphs/users/entrypoints/jwks.py", "import seeds.catalogue"),
    "Tools of development know subgraphs by name only": ("tilt/embedded/ports.py", "import subgraphs.users.settings"),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which every rule is broken."""
    house = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        shutil.copytree(
            REPOSITORY / package, house / package, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
        )
    shutil.copy(REPOSITORY / "pyproject.toml", house)
    for file, planted in RULES.values():
        with (house / file).open("a") as text:
            text.write(f"\n{planted}  # planted\n")
    (house / "subgraphs/users/helpers").mkdir()
    (house / "subgraphs/users/helpers/__init__.py").touch()
    return house


def verdict(house: Path, *command: str) -> str:
    """What a checker says of the house."""
    program = [str(Path(sys.executable).parent / command[0]), *command[1:]]
    outcome = subprocess.run(program, cwd=house, capture_output=True, text=True, check=False, timeout=300)
    assert outcome.returncode == 1, outcome.stderr
    return outcome.stdout


def test_each_rule_about_imports_sees_its_violation(house: Path) -> None:
    said = verdict(house, "lint-imports", "--no-cache")
    kept = [rule for rule in RULES if f"{rule} BROKEN" not in " ".join(said.split())]
    assert kept == []


def test_a_room_that_no_rule_knows_is_seen(house: Path) -> None:
    said = verdict(house, "lint-imports", "--no-cache", "--contract", "layers")
    assert "subgraphs.users.helpers" in " ".join(said.split())


def test_an_import_by_a_name_in_a_string_is_seen(house: Path) -> None:
    with (house / "subgraphs/users/commands/log_in.py").open("a") as text:
        text.write("\nimport importlib\n")
    said = verdict(house, "ruff", "check", "--select", "TID251", "subgraphs", "shared", "seeds", "tilt")
    assert "subgraphs/users/commands/log_in.py" in said
    assert said.count("TID251") == 1
