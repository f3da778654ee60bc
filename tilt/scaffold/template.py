"""The template in templates/subgraph, rendered by copier; copier.yml says what it asks."""

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import copier
from copier.errors import CopierError

from tilt.embedded.errors import MeshError
from tilt.scaffold.names import Answers

# Relative, and so the same for everybody who has the tree.
_HERE = "."


def answers_file(name: str) -> Path:
    """Where the answers of a subgraph are kept, with the version of the template that it was made by."""
    return Path("subgraphs") / name / ".copier-answers.yml"


@contextlib.contextmanager
def rendered(root: Path, answers: Answers) -> Iterator[Path]:
    """A folder, for a while, with what the template makes of the answers.

    It is the template of the last commit, so that an update can tell later what has changed since. A tree that is no
    repository has the template as it is, and can't be updated.

    Raises:
        MeshError: when the template can't be rendered.
    """
    with tempfile.TemporaryDirectory(prefix="mercato-template-") as folder:
        _render(root, Path(folder), answers)
        yield Path(folder)


def files_in(folder: Path) -> list[Path]:
    """All its files, relative to it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _render(root: Path, target: Path, answers: Answers) -> None:
    try:
        with contextlib.chdir(root):
            copier.run_copy(
                _HERE,
                target,
                answers.as_data(),
                answers_file=answers_file(answers.name),
                vcs_ref=_last_commit(root),
                defaults=True,
                overwrite=False,
                quiet=True,
            )
    except CopierError as error:
        raise MeshError(f"the template: {error}") from error


def update(root: Path, name: str) -> None:
    """Brings what changed in the template since a subgraph was made or updated; its own changes stay.

    Where both changed the same lines, the file holds both between conflict markers, as after a merge of git.

    Raises:
        MeshError: when it was not made by the template, or the tree has changes that are not committed.
    """
    if not (root / answers_file(name)).exists():
        raise MeshError(f"NAME={name}: there is no {answers_file(name)}: it was not made by `make subgraph`")
    commit = _last_commit(root)
    if commit is None:
        raise MeshError("an update needs the repository's history: this tree is no clone")
    if _git(root, "status", "--porcelain", "--untracked-files=no"):
        raise MeshError("commit or stash your changes first: an update is a merge (git status)")
    try:
        with contextlib.chdir(root):
            copier.run_update(
                _HERE,
                answers_file=answers_file(name),
                vcs_ref=commit,
                defaults=True,
                overwrite=True,
                quiet=True,
            )
    except CopierError as error:
        raise MeshError(f"the template: {error}") from error


def _last_commit(root: Path) -> str | None:
    return _git(root, "rev-parse", "--verify", "HEAD") or None


def _git(root: Path, *arguments: str) -> str:
    """What git says, and nothing where there is no repository, or no git."""
    try:
        done = subprocess.run(("git", *arguments), cwd=root, capture_output=True, text=True)  # noqa: S603, S607
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
