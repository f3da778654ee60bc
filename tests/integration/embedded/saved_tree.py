"""Copies of this tree in which a test saves files."""

import shutil
import subprocess
from pathlib import Path

from tests.newcomer import copied_files
from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import SUBGRAPHS

PROGRAM = """
from subgraphs.{name}.answer import ANSWER
from tests.integration.embedded.fake_subgraph import main

if __name__ == "__main__":
    main(ANSWER)
"""


WHOLE = ("router", "schema", "seeds", "shared", "subgraphs", "supergraph.yaml", "tilt")


class SavedTree:
    """A copy, whose files are saved as editors do it: whole, under another name first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tests").symlink_to(REPOSITORY / "tests")
        (root / "router" / "node_modules").symlink_to(REPOSITORY / "router" / "node_modules")

    def write_program(self, name: str, answer: str = "one") -> None:
        """A whole subgraph."""
        self.save(f"subgraphs/{name}/__main__.py", PROGRAM.format(name=name))
        self.answer(name, answer)

    def answer(self, name: str, answer: str) -> None:
        """Save what a subgraph answers."""
        self.save(f"subgraphs/{name}/answer.py", f"ANSWER = {answer!r}\n")

    def save(self, file: str, text: str) -> None:
        """Write a file, or write it anew."""
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.root / f"{file}~"
        unfinished.write_text(text)
        unfinished.replace(self.root / file)

    def remove(self, *paths: str) -> None:
        """Delete files, and folders with all that is in them."""
        for path in (self.root / name for name in paths):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def read(self, file: str) -> str:
        return (self.root / file).read_text()


def tree_of_small_servers(root: Path) -> SavedTree:
    """Each subgraph is a small server, which answers with what its file ``answer.py`` holds."""
    for file in copied_files():
        _copy(file, root)
    shutil.copytree(REPOSITORY / "shared", root / "shared", ignore=shutil.ignore_patterns("__pycache__"))
    tree = SavedTree(root)
    for name in SUBGRAPHS:
        tree.write_program(name)
    return tree


def whole_tree(root: Path) -> SavedTree:
    """All of the real subgraphs."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *WHOLE)
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if (REPOSITORY / name).exists():
            _copy(Path(name), root)
    return SavedTree(root)


def _copy(file: Path, root: Path) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(REPOSITORY / file, root / file, follow_symlinks=False)
