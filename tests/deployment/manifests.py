"""The overlays as kustomize renders them, and what tests ask of an object."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

KUBERNETES = Path(__file__).parents[2] / "k8s"
OVERLAYS = ("development", "offline", "staging", "production")
LIVE = ("staging", "production")

Manifest = dict[str, Any]
WORKLOADS = ("Deployment", "StatefulSet", "Job")


class RenderError(Exception):
    """What kustomize says when it can't make sense of a folder."""


@cache
def kubectl() -> str:
    """The kubectl of the PATH, or the one that the project's packages bring."""
    return shutil.which("kubectl") or str(Path(sys.executable).parent / "kubectl")


def rendered(folder: Path) -> list[Manifest]:
    """The objects of a kustomization.

    Raises:
        RenderError: with kustomize's words.
    """
    done = subprocess.run([kubectl(), "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RenderError(done.stderr)
    return [found for found in yaml.load_all(done.stdout, yaml.CSafeLoader) if found]


@cache
def _text_of(overlay: str) -> str:
    return json.dumps(rendered(KUBERNETES / "overlays" / overlay))


def overlay(name: str) -> list[Manifest]:
    """The objects of an overlay: the caller's own, to change as it likes."""
    found: list[Manifest] = json.loads(_text_of(name))
    return found


def rendered_in(name: str, namespace: str) -> list[Manifest]:
    """The objects of an overlay in another namespace."""
    return _kustomized({"resources": [KUBERNETES / "overlays" / name], "namespace": namespace})


def rendered_with(name: str, component: str) -> list[Manifest]:
    """The objects of an overlay with one more component."""
    return _kustomized(
        {"resources": [KUBERNETES / "overlays" / name], "components": [KUBERNETES / "components" / component]}
    )


def _kustomized(parts: dict[str, str | list[Path]]) -> list[Manifest]:
    """What a kustomization of these parts makes; kustomize wants their paths as seen from it."""
    with tempfile.TemporaryDirectory(prefix="mercato-manifests-") as folder:
        seen = {
            name: part if isinstance(part, str) else [os.path.relpath(path, folder) for path in part]
            for name, part in parts.items()
        }
        (Path(folder) / "kustomization.yaml").write_text(yaml.safe_dump(seen))
        return rendered(Path(folder))


def named(objects: Sequence[Manifest], kind: str, name: str) -> Manifest:
    """The one object of a kind and a name."""
    found: Manifest
    (found,) = (each for each in objects if each["kind"] == kind and each["metadata"]["name"] == name)
    return found


def of_kind(objects: Sequence[Manifest], *kinds: str) -> list[Manifest]:
    """The objects of these kinds."""
    return [each for each in objects if each["kind"] in kinds]


def workloads(objects: Sequence[Manifest]) -> list[Manifest]:
    """Whatever makes pods."""
    return of_kind(objects, *WORKLOADS)


def labels(manifest: Manifest) -> dict[str, str]:
    """The labels of an object."""
    return manifest["metadata"].get("labels") or {}


def component(manifest: Manifest) -> str:
    """What an object is for: serve, work, migrate, seed, router or backend."""
    return labels(manifest).get("app.kubernetes.io/component", "")


def pod(workload: Manifest) -> Manifest:
    """The specification of a workload's pods."""
    found: Manifest = workload["spec"]["template"]["spec"]
    return found


def container(workload: Manifest) -> Manifest:
    """The one container of a workload's pods."""
    found: Manifest
    (found,) = pod(workload)["containers"]
    return found


def containers(objects: Sequence[Manifest]) -> Iterator[Manifest]:
    """All containers, of the start too."""
    for workload in workloads(objects):
        yield from pod(workload)["containers"]
        yield from pod(workload).get("initContainers", ())
