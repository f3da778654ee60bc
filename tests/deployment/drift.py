"""What differs between the objects of an overlay and those of the chart, told so that people can mend it."""

import json
import re
from collections.abc import Sequence
from difflib import unified_diff
from typing import Any

import yaml

from tests.deployment.manifests import Manifest

# What helm wants on its objects, and kustomize has no use for.
_OF_HELM = {"app.kubernetes.io/managed-by", "app.kubernetes.io/instance", "helm.sh/chart"}
# Both name this ConfigMap by a digest of what it holds, each by its own.
_DIGEST = re.compile(r"\bkafka-[0-9a-z]{10}\b")
# Lists that Kubernetes takes for mappings: their order means nothing.
_KEYS = {"env": "name", "volumes": "name", "ports": "name", "volumeMounts": "mountPath"}


def drift(overlay: Sequence[Manifest], chart: Sequence[Manifest]) -> list[str]:
    """A diff for each object that is not the same, or is only in one of them; empty when there is none."""
    expected, found = _by_name(overlay), _by_name(chart)
    return [
        "\n".join(
            unified_diff(
                _lines(expected.get(key)),
                _lines(found.get(key)),
                f"{key} of the overlay",
                f"{key} of the chart",
                lineterm="",
            )
        )
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]


def _by_name(objects: Sequence[Manifest]) -> dict[str, Any]:
    """The objects by kind and name, without hooks: those belong to helm alone."""
    own = [each for each in objects if "helm.sh/hook" not in (each["metadata"].get("annotations") or {})]
    found = {f"{each['kind']} {_plain(each['metadata']['name'])}": _plain(each) for each in own}
    assert len(found) == len(own), "two objects have the same kind and name"
    return found


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(_ordered(key, each)) for key, each in value.items() if key not in _OF_HELM}
        case list():
            return [_plain(each) for each in value]
        case str():
            return _DIGEST.sub("kafka-DIGEST", value)
    return value


def _ordered(key: str, value: Any) -> Any:
    if key == "sources":
        return sorted(value, key=lambda each: json.dumps(each, sort_keys=True))
    if key in _KEYS and isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return sorted(value, key=lambda each: str(each.get(_KEYS[key], each)))
    return value


def _lines(manifest: Any) -> list[str]:
    return yaml.safe_dump(manifest).splitlines() if manifest else []
