"""A clone of this tree, as it is now, in which subgraphs can be made and removed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tilt.embedded.manifest import REPOSITORY

# What `make install` brings; a clone uses that of this tree.
_INSTALLED = (".venv", "router/node_modules", "tests/clients/node_modules")


def clone(folder: Path) -> Path:
    """Makes it, with what is not committed yet committed there: the template is that of the last commit."""
    _git(REPOSITORY, "clone", "--quiet", "--shared", str(REPOSITORY), str(folder))
    uncommitted = _git(REPOSITORY, "diff", "--name-only", "HEAD").splitlines()
    for name in (*uncommitted, *_git(REPOSITORY, "ls-files", "--others", "--exclude-standard").splitlines()):
        _bring(REPOSITORY / name, folder / name)
    for name in _INSTALLED:
        if (REPOSITORY / name).exists() and not (folder / name).exists():
            (folder / name).symlink_to(REPOSITORY / name)
    (folder / ".git" / "info" / "exclude").write_text("".join(f"{name}\n" for name in _INSTALLED))
    commit(folder, "The tree as it is")
    return folder


def commit(tree: Path, subject: str) -> None:
    """Everything, also where there is nothing new."""
    _git(tree, "add", "--all")
    author = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    _git(tree, *author, "commit", "--quiet", "--allow-empty", "--message", subject)


def changed(tree: Path) -> str:
    """What is not committed, a file a line; nothing when all is."""
    return _git(tree, "status", "--porcelain", "--untracked-files=all")


def scaffold(tree: Path, *arguments: str, environment: Mapping[str, str] = os.environ) -> tuple[int, str]:
    """What ``python -m tilt.scaffold`` answers in a tree, and its exit status."""
    return run(tree, sys.executable, "-m", "tilt.scaffold", *arguments, environment=environment)


def run(tree: Path, *command: str, environment: Mapping[str, str] = os.environ) -> tuple[int, str]:
    """The exit status of a program in a tree, and what it says."""
    done = subprocess.run(
        command,
        cwd=tree,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return done.returncode, done.stdout


def _bring(source: Path, target: Path) -> None:
    if not source.is_file():
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(("git", *arguments), cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
