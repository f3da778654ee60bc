"""checkov with the committed policy. Tests that need it are skipped in one line where it is not on the PATH."""

import json
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.deployment.manifests import KUBERNETES, Manifest

POLICY = KUBERNETES / "policy" / "checkov.yaml"

needs_checkov = pytest.mark.skipif(
    shutil.which("checkov") is None,
    reason="checkov is not on the PATH (k8s/policy/requirements.txt, in an environment of its own)",
)


def refused(manifests: Mapping[str, list[Manifest]], folder: Path) -> dict[str, set[tuple[str, str]]]:
    """For each set of manifests the checks that fail, with the object.

    One run for all, since its start takes longest.
    """
    for name, objects in manifests.items():
        (folder / f"{name}.yaml").write_text(yaml.dump_all(objects, Dumper=yaml.CSafeDumper))
    command = ["checkov", "--config-file", str(POLICY), "--directory", str(folder), "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return _by_file(json.loads(done.stdout))


def _by_file(report: Manifest) -> dict[str, set[tuple[str, str]]]:
    assert report["summary"]["parsing_errors"] == 0, report["summary"]
    found = defaultdict(set)
    for failure in report["results"]["failed_checks"]:
        found[Path(failure["file_path"]).stem].add((failure["check_id"], failure["resource"]))
    return found
