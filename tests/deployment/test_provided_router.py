"""Which router images and Tilt are given: ours, or the Node router.

Nothing comes from a registry of images that nobody asked for.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tilt.embedded.process import REPOSITORY

NOTHING_BUILT = "import sys\nif '--built' in sys.argv: sys.exit(1)\nopen('asked', 'w').close()\nprint({ours!r})\n"
NPM = """#!/bin/sh
PATH=/usr/bin:/bin
for folder; do :; done
echo "$@" >> "$folder/../calls"
mkdir "$folder/node_modules"
touch "$folder/node_modules/.package-lock.json"
"""


class Tree:
    """The script in a tree of its own, with a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.provided = folder / "k8s" / "images" / "provided"
        self.build = folder / "router" / "hive" / "build"
        for each in (self.programs, self.provided, self.build.parent, folder / "scripts"):
            each.mkdir(parents=True)
        shutil.copy(REPOSITORY / "scripts" / "provided_router.py", folder / "scripts")
        for name in ("package.json", "package-lock.json"):
            (folder / "router" / name).write_text(name)
        self.ours = self.program("ours", "ours")
        self.build.write_text(NOTHING_BUILT.format(ours=str(self.ours)))

    def program(self, name: str, content: str) -> Path:
        file = self.programs / name
        file.write_text(content)
        file.chmod(0o755)
        return file

    def was_built(self) -> bool:
        return (self.folder / "asked").exists()

    def provide(self, *options: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "scripts/provided_router.py", *options]
        own = {"PATH": str(self.programs), **environment}
        return subprocess.run(command, cwd=self.folder, env=own, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "tree")


def test_ours_is_taken_when_it_was_built(tree: Tree) -> None:
    tree.build.write_text(f"print({str(tree.ours)!r})")
    assert tree.provide("--built").stdout == "binary\n"
    assert (tree.provided / "hive_router").read_text() == "ours"


def test_the_same_binary_is_not_put_there_again(tree: Tree) -> None:
    tree.build.write_text(f"print({str(tree.ours)!r})")
    tree.provide()
    os.utime(tree.provided / "hive_router", (1, 1))
    tree.provide()
    assert (tree.provided / "hive_router").stat().st_mtime == 1


def test_images_have_ours_built_where_there_is_rust_and_tilt_waits_for_nothing(tree: Tree) -> None:
    tree.program("cargo", "")
    assert tree.provide("--built").stdout == "node\n"
    assert not tree.was_built()
    done = tree.provide()
    assert done.stdout == "binary\n"
    assert "20 to 30 minutes the first time" in done.stderr
    assert tree.was_built()


def test_without_rust_it_is_the_node_router_whatever_else_there_is(tree: Tree) -> None:
    tree.program("hive_router", "stock")
    (tree.provided / "hive_router").write_text("of somebody")
    assert tree.provide().stdout == "node\n"


def test_a_stock_one_is_taken_when_it_is_asked_for_and_said_to_be_one(tree: Tree) -> None:
    tree.program("hive_router", "stock")
    done = tree.provide("--router", "binary")
    assert (done.stdout, (tree.provided / "hive_router").read_text()) == ("binary\n", "stock")
    assert "lacks our guards" in done.stderr


def test_a_binary_that_is_nowhere_is_told_with_what_to_do(tree: Tree) -> None:
    done = tree.provide("--router", "binary")
    assert done.returncode == 1
    assert done.stderr.startswith("mercato: --router binary: ours can't be built")


def test_the_named_one_wins(tree: Tree) -> None:
    named = tree.program("named", "named")
    assert tree.provide("--built", HIVE_ROUTER=str(named)).stdout == "binary\n"
    assert (tree.provided / "hive_router").read_text() == "named"


def test_packages_of_the_node_router_are_fetched_once_for_each_lock_file(tree: Tree) -> None:
    tree.program("npm", NPM)
    calls = tree.provided / "calls"
    for lock, expected in (("first", 1), ("first", 1), ("second", 2)):
        (tree.folder / "router" / "package-lock.json").write_text(lock)
        assert tree.provide("--router", "node").stdout == "node\n"
        assert len(calls.read_text().splitlines()) == expected
