"""A copy of this tree in which a test saves files, with small servers in the place of its subgraphs."""

import shutil
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


class SavedTree:
    """Each subgraph answers with what its file ``answer.py`` holds."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for file in copied_files():
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / file, root / file, follow_symlinks=False)
        shutil.copytree(REPOSITORY / "shared", root / "shared", ignore=shutil.ignore_patterns("__pycache__"))
        (root / "tests").symlink_to(REPOSITORY / "tests")
        (root / "router" / "node_modules").symlink_to(REPOSITORY / "router" / "node_modules")
        for name in SUBGRAPHS:
            self.write_program(name)

    def write_program(self, name: str, answer: str = "one") -> None:
        """A whole subgraph."""
        self.save(f"subgraphs/{name}/__main__.py", PROGRAM.format(name=name))
        self.answer(name, answer)

    def answer(self, name: str, answer: str) -> None:
        """Save what a subgraph answers."""
        self.save(f"subgraphs/{name}/answer.py", f"ANSWER = {answer!r}\n")

    def save(self, file: str, text: str) -> None:
        """What an editor does: the file is there whole, under another name first."""
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.root / f"{file}~"
        unfinished.write_text(text)
        unfinished.replace(self.root / file)

    def read(self, file: str) -> str:
        return (self.root / file).read_text()
