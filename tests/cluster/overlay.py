"""The offline overlay as a test wants it: other namespace, registry and versions, a patch here and there."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.kubectl import JsonObject, kubectl_program, output_of
from tilt.embedded.subgraphs import SUBGRAPHS

REPOSITORY = Path(__file__).parents[2]
OVERLAY = REPOSITORY / "k8s" / "overlays" / "offline"
COMPONENTS = REPOSITORY / "k8s" / "components"
INSTANCE = "app.kubernetes.io/instance"
IMAGES = (*SUBGRAPHS, "router", "backends")
SERVING = tuple(f"{name}-serve" for name in SUBGRAPHS)
WORKING = tuple(f"{name}-work" for name in SUBGRAPHS)
# What is asked for is measured for a shop with customers; here two of everything have to find room on small nodes.
_CPU = [{"op": "replace", "path": "/spec/template/spec/containers/0/resources/requests/cpu", "value": "10m"}]
_SMALL = [{"target": {"kind": "(Deployment|StatefulSet|Job)"}, "patch": yaml.safe_dump(_CPU)}]


@dataclass(frozen=True)
class Patch:
    """A strategic merge patch of the objects that ``target`` chooses, as kustomize takes it."""

    target: Mapping[str, str]
    changes: Mapping[str, Any]

    def for_kustomize(self) -> JsonObject:
        """An entry of ``patches``."""
        api_version = "batch/v1" if self.target["kind"] == "Job" else "apps/v1"
        patch = {"apiVersion": api_version, "kind": self.target["kind"], "metadata": {"name": "any"}, **self.changes}
        return {"target": dict(self.target), "patch": yaml.safe_dump(patch)}


def of_pod(deployment: str, changes: Mapping[str, Any]) -> Patch:
    """A patch of what a Deployment's pods are."""
    return Patch({"kind": "Deployment", "name": deployment}, {"spec": {"template": {"spec": changes}}})


def of_environment(deployment: str, variables: Mapping[str, str]) -> Patch:
    """A patch that sets variables of a subgraph's Deployment."""
    settings = [{"name": name, "value": value} for name, value in variables.items()]
    return of_pod(deployment, {"containers": [{"name": "subgraph", "env": settings}]})


def of_backends(node: str) -> list[Patch]:
    """Patches by which the backends prefer one node: draining another one is then no outage."""
    preference = {"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": [node]}]}
    affinity = {
        "nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": preference}]}
    }
    changes = {"spec": {"template": {"spec": {"affinity": affinity}}}}
    selector = "app.kubernetes.io/component=backend"
    return [Patch({"kind": kind, "labelSelector": selector}, changes) for kind in ("StatefulSet", "Deployment")]


@dataclass(frozen=True)
class Release:
    """What is applied: ``replicas`` of Deployments, images' ``versions``, ``patches``, further ``components``."""

    namespace: str
    registry: str
    versions: Mapping[str, str]
    replicas: Mapping[str, int]
    patches: Sequence[Patch] = ()
    components: Sequence[str] = field(default=())

    def with_patches(self, *patches: Patch) -> "Release":
        """This release and these patches."""
        return replace(self, patches=(*self.patches, *patches))

    def with_replicas(self, **replicas: int) -> "Release":
        """This release with so many replicas; names are written with ``_`` for ``-``."""
        return replace(
            self, replicas={**self.replicas, **{name.replace("_", "-"): count for name, count in replicas.items()}}
        )

    def with_version(self, image: str, version: str) -> "Release":
        """This release with another version of one image."""
        return replace(self, versions={**self.versions, image: version})

    async def rendered(self) -> list[JsonObject]:
        """Its objects, as kustomize makes them."""
        with tempfile.TemporaryDirectory(prefix="mercato-overlay-") as folder:
            self._write(Path(folder))
            command = (kubectl_program(), "kustomize", folder, "--load-restrictor", "LoadRestrictionsNone")
            return [found for found in yaml.safe_load_all(await output_of(*command)) if found]

    def _write(self, folder: Path) -> None:
        versions = yaml.safe_load((OVERLAY / "versions.yaml").read_text())
        versions["data"] |= self.versions
        (folder / "versions.yaml").write_text(yaml.safe_dump(versions))
        (folder / "kustomization.yaml").write_text(yaml.safe_dump(self._kustomization(folder)))

    def _kustomization(self, folder: Path) -> JsonObject:
        overlay: JsonObject = yaml.safe_load((OVERLAY / "kustomization.yaml").read_text())
        for kind in ("resources", "components"):
            overlay[kind] = [_seen_from(folder, entry) for entry in overlay.get(kind, ())]
        overlay["components"] += [os.path.relpath(COMPONENTS / name, folder) for name in self.components]
        overlay["namespace"] = self.namespace
        overlay["labels"] = [
            *overlay.get("labels", ()),
            {"pairs": {INSTANCE: self.namespace}, "includeTemplates": True},
        ]
        overlay["replicas"] = [{"name": name, "count": count} for name, count in self.replicas.items()]
        overlay["patches"] = [*overlay.get("patches", ()), *_SMALL, *(patch.for_kustomize() for patch in self.patches)]
        if self.registry:
            overlay["images"] = [
                {"name": f"mercato/{name}", "newName": f"{self.registry}/mercato/{name}"} for name in IMAGES
            ]
        return overlay


def _seen_from(folder: Path, entry: str) -> str:
    """A path of the overlay as another folder would write it; its versions are replaced."""
    return entry if entry == "versions.yaml" else os.path.relpath(OVERLAY / entry, folder)
