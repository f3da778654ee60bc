"""Kafka's jars, exactly those of jgo.lock.toml: fetched by jgo once, verified by their checksums at every start."""

import hashlib
import os
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tilt.embedded.errors import MeshError
from tilt.embedded.settings import load_settings

SPECIFICATION = Path(__file__).with_name("jgo.toml")
LOCK = Path(__file__).with_name("jgo.lock.toml")
PARALLEL_DOWNLOADS = 8


@dataclass(frozen=True)
class Jar:
    """One locked jar and the checksum that it must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked_jars(lock: Path = LOCK) -> list[Jar]:
    """Read the lock file."""
    entries = tomllib.loads(lock.read_text())["dependencies"]
    return [Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"]) for entry in entries]


def class_path(store: Path, jars: Sequence[Jar] | None = None) -> str:
    """The Java class path of all jars in the store, after fetching those that are not there yet."""
    wanted = locked_jars() if jars is None else jars
    missing = [jar for jar in wanted if not (store / jar.file_name).exists()]
    if missing:
        fetch(store, missing)
    for jar in wanted:
        verify(jar, store / jar.file_name)
    return os.pathsep.join(str(store / jar.file_name) for jar in wanted)


def fetch(store: Path, jars: Sequence[Jar]) -> None:
    """Bring jars into the store; one appears there only whole and verified, so an interrupted fetch is harmless."""
    print(f"Fetching Apache Kafka, {len(jars)} jars...", flush=True)
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=store) as staging:
        context = maven_context(Path(staging))
        with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
            list(pool.map(lambda jar: fetch_one(context, store, jar), jars))


def fetch_one(context: Any, store: Path, jar: Jar) -> None:
    """Take a jar from the machine's Maven repository when it is there, else download it."""
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    try:
        found = artifact.resolve()
    except Exception as error:  # jgo raises plain RuntimeError as well as whatever its HTTP client raises
        raise MeshError(f"Kafka's {jar.file_name} cannot be downloaded ({error}). Is there a network?") from error
    verify(jar, found)
    # A copy beside the goal first: a rename is atomic only within one file system.
    incoming = context.repo_cache / jar.file_name
    incoming.write_bytes(found.read_bytes())
    incoming.replace(store / jar.file_name)


def verify(jar: Jar, path: Path) -> None:
    """Refuse a file whose content is not what was locked."""
    with path.open("rb") as file:
        actual = hashlib.file_digest(file, "sha256").hexdigest()
    if actual != jar.sha256:
        raise MeshError(
            f"{path} is not the {jar.file_name} of jgo.lock.toml: its sha256 is {actual}, not {jar.sha256}. "
            "Delete that file and start again."
        )


def maven_context(staging: Path) -> Any:
    """jgo's own settings (mirrors of the developer included), but downloads go to a folder of ours."""
    # Imported late: half a second that a start with all jars in place does not need.
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    settings = GlobalSettings.load()
    repositories = {**settings.repositories, "central": MAVEN_CENTRAL_URL}
    return MavenContext(repo_cache=staging, local_repos=[settings.repo_cache], remote_repos=repositories, timeout=60)


def write_lock() -> None:
    """Resolve jgo.toml anew and write jgo.lock.toml: for the one who changes a version."""
    from jgo.env import EnvironmentBuilder, EnvironmentSpec

    with tempfile.TemporaryDirectory() as staging:
        builder = EnvironmentBuilder(context=maven_context(Path(staging)))
        lock = builder.resolve_lockfile(EnvironmentSpec.load(SPECIFICATION))
    lock.save(LOCK)


def main() -> None:
    """`python -m tilt.embedded.kafka.jars` fetches what the lock names; with `lock` it writes the lock."""
    try:
        if sys.argv[1:] == ["lock"]:
            write_lock()
        else:
            class_path(load_settings().mercato_jars_dir)
    except MeshError as error:
        sys.exit(f"mercato: {error}")


if __name__ == "__main__":
    main()
