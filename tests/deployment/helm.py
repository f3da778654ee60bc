"""Renders the charts. Tests that need helm are skipped in one line where it is not on the PATH."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

CHARTS = Path(__file__).parents[2] / "k8s" / "helm"
# A helm that `go install` built calls itself a cluster of 1.20.
KUBERNETES = "1.34.0"

needs_helm = pytest.mark.skipif(
    shutil.which("helm") is None, reason="helm is not on the PATH (go install helm.sh/helm/v3/cmd/helm)"
)


class RejectedError(Exception):
    """What helm says when it does not take the values."""


def helm(*arguments: str) -> str:
    """What helm prints.

    Raises:
        RejectedError: with what it says when it ends with another status than 0.
    """
    done = subprocess.run(["helm", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RejectedError(done.stderr + done.stdout)
    return done.stdout


def rendered(chart: str, *options: str, namespace: str = "mercato") -> list[dict[str, Any]]:
    """The objects of a chart of ours; options are helm's, such as ``--set``."""
    named = ("--namespace", namespace, "--kube-version", KUBERNETES)
    text = helm("template", "mercato", str(CHARTS / chart), *named, *options)
    return [found for found in yaml.safe_load_all(text) if found]
