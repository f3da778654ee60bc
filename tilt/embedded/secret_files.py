"""Secrets as containers are given them: in the environment, or else as files of the folder SECRETS_DIR."""

import os
from pathlib import Path

from tilt.embedded.errors import MeshError

DEFAULT_FOLDER = "/var/run/secrets/mercato"


def find_secret(name: str) -> str | None:
    """The first line of a secret, or None where nobody gave it."""
    if given := os.environ.get(name):
        return given
    file = folder() / name
    if not file.exists():
        return None
    try:
        lines = [line.strip() for line in file.read_text().splitlines() if line.strip()]
    except OSError as error:
        raise MeshError(f"{name}: {file} can't be read ({error.strerror}).") from error
    if not lines:
        raise MeshError(f"{name}: {file} is empty.")
    return lines[0]


def secret(name: str) -> str:
    """The first line of a secret; MeshError names the one that is missing, and where it belongs."""
    found = find_secret(name)
    if found is None:
        raise MeshError(f"{name} is missing: set it, or put a file of that name into {folder()} (SECRETS_DIR).")
    return found


def folder() -> Path:
    """Where secrets are files."""
    return Path(os.environ.get("SECRETS_DIR", DEFAULT_FOLDER))
