"""An image made of another one while tests run, with docker, podman or buildah."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cluster.kubectl import output_of

_BUILD_SECONDS = 180.0


def engine() -> str:
    """The engine's program; skips the test when there is none."""
    found = next((name for name in ("docker", "podman", "buildah") if shutil.which(name)), None)
    if found is None:
        pytest.skip("no docker, podman or buildah here: no image of a new version can be made")
    return found


async def derived(image: str, tag: str, files: Mapping[str, str]) -> str:
    """Pushes ``image`` with further files, below its work directory, under another tag; answers its name."""
    name = f"{image.rsplit(':', 1)[0]}:{tag}"
    program = engine()
    with tempfile.TemporaryDirectory(prefix="mercato-image-") as folder:
        _write(Path(folder), {**files, "Dockerfile": _dockerfile(image, files)})
        build = ("bud",) if program == "buildah" else ("build",)
        await output_of(program, *build, "--tag", name, folder, seconds=_BUILD_SECONDS)
    await output_of(program, "push", name, seconds=_BUILD_SECONDS)
    return name


def _dockerfile(image: str, files: Mapping[str, str]) -> str:
    return "\n".join([f"FROM {image}", *(f"COPY {path} {path}" for path in files), ""])


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        os.chmod(target, 0o644)
