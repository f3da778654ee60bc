"""Where the mesh of a data folder runs: what it was started with, for whoever asks it from another terminal."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tilt.embedded.credentials import load_credentials, write_privately
from tilt.embedded.environment import mesh_environment
from tilt.embedded.errors import MeshError
from tilt.embedded.lock import MeshLock
from tilt.embedded.settings import Settings, load_settings
from tilt.embedded.sharing import for_any_subgraph

NOTHING_RUNS = "Nothing is running: `make up` first."


class StartRecord:
    """The file with the variables that a mesh was started with, and whose they are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "running.json"

    def write(self) -> None:
        """Those of this process, which holds the lock of the folder."""
        supervisor = MeshLock(self._folder).holder()
        assert supervisor is not None
        record = {"supervisor": asdict(supervisor), "variables": mesh_variables(os.environ)}
        write_privately(self._file, json.dumps(record, indent=2))

    def remove(self) -> None:
        """It runs no more."""
        self._file.unlink(missing_ok=True)

    def variables(self) -> dict[str, str]:
        """Those of the mesh that runs now; what a killed one left is not believed.

        Raises:
            MeshError: when none runs, or one only begins to.
        """
        holder = MeshLock(self._folder).holder()
        if holder is None:
            raise MeshError(NOTHING_RUNS)
        record = self._read()
        if record.get("supervisor") != asdict(holder):
            raise MeshError("The mesh is only about to start: wait until `make up` says that it serves.")
        variables: dict[str, str] = record["variables"]
        return variables

    def _read(self) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return record


def settings_of_running_mesh(folder: Path) -> Settings:
    """What the mesh of this data folder was started with; from now on this process's environment says so too.

    Raises:
        MeshError: when none runs, or a variable of the environment says something else than it was started with.
    """
    theirs, ours = StartRecord(folder).variables(), mesh_variables(os.environ)
    told = everything_told(theirs)
    differing = [name for name, value in ours.items() if everything_told({**theirs, name: value}) != told]
    _take(theirs)
    settings = load_settings()
    if differing:
        raise MeshError(
            f"{', '.join(differing)}: set otherwise here than where `make up` runs (its router: {settings.router_url})."
            " Unset that here, or `make down` and `make up` with it."
        )
    return settings


def variables_of_running_mesh() -> dict[str, str]:
    """All variables of the mesh that runs in our data folder.

    Raises:
        MeshError: as ``settings_of_running_mesh`` does.
    """
    settings = settings_of_running_mesh(load_settings().mercato_data_dir)
    return mesh_environment(settings, load_credentials(settings))


def mesh_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """What of an environment makes a mesh what it is: its settings, and what its subgraphs are told beside them."""
    own = {name: value for name, value in environment.items() if _is_setting(name)}
    return {**own, **for_any_subgraph(environment)}


def _is_setting(variable: str) -> bool:
    """Whether it says something of a mesh; which data folder one means is another question."""
    name = variable.lower()
    return name != "mercato_data_dir" and (name in Settings.model_fields or name.startswith("mercato_"))


def everything_told(variables: Mapping[str, str]) -> dict[str, str]:
    """All that the processes of a mesh with these variables are told, other than what every program is."""
    with _environment_of(variables):
        settings = load_settings()
        told = {**for_any_subgraph(os.environ), **mesh_environment(settings, load_credentials(settings))}
    return {name: value for name, value in told.items() if value}


@contextmanager
def _environment_of(variables: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    _take(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _take(variables: Mapping[str, str]) -> None:
    """Have these variables of the mesh in the environment, and no others."""
    for name in mesh_variables(os.environ):
        del os.environ[name]
    os.environ.update(variables)
