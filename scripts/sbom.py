"""Writes what is in each image as CycloneDX into build/sbom.

That is the packages of its lock file, licences, and what needs what.

    .venv/bin/python scripts/sbom.py VERSION

All images are locked by one file, which is what .venv holds; so one look at .venv tells of all of them. What is in the
base image its publishers tell.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from names import SUBGRAPHS

REPOSITORY = Path(__file__).resolve().parents[1]
LOCKS = REPOSITORY / "requirements" / "images"
FOLDER = REPOSITORY / "build" / "sbom"
TOOLS = REPOSITORY / "build" / "sbom-tools"
JARS = REPOSITORY / "tilt" / "embedded" / "kafka" / "jgo.lock.toml"
IMAGES = (*SUBGRAPHS, "backends")

Document = dict[str, Any]


def main() -> None:
    """The command."""
    version = sys.argv[1] if len(sys.argv) > 1 else "dev"
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment = installed_packages()
    for name in IMAGES:
        extra = jars() if name == "backends" else []
        write(name, of_image(environment, name, version, locked(name), extra))
    write("router-node", node_packages())
    write("router-hive", of_image(environment, "router", version, locked("init"), [hive_router()]))


def installed_packages() -> Document:
    """What cyclonedx-py sees in .venv; it lives in an environment of its own."""
    uv = str(REPOSITORY / ".venv" / "bin" / "uv")
    if not (TOOLS / "bin" / "cyclonedx-py").exists():
        call([uv, "venv", "--quiet", "--clear", str(TOOLS)])
        call(
            [
                uv,
                "pip",
                "sync",
                "--quiet",
                "--python",
                str(TOOLS / "bin" / "python"),
                "--require-hashes",
                "requirements/sbom.txt",
            ]
        )
    command = [
        str(TOOLS / "bin" / "cyclonedx-py"),
        "environment",
        ".venv",
        "--output-format",
        "JSON",
        "--output-reproducible",
    ]
    document: Document = json.loads(call(command))
    return document


def of_image(
    environment: Document, name: str, version: str, wanted: Mapping[str, str], extra: list[Document]
) -> Document:
    """The part of the environment that an image has, and what it has beside."""
    components = [each for each in environment["components"] if wanted.get(normalized(each["name"])) == each["version"]]
    kept = {each["bom-ref"] for each in components}
    dependencies = [
        {**each, "dependsOn": sorted(kept.intersection(each.get("dependsOn", ())))}
        for each in environment["dependencies"]
        if each["ref"] in kept
    ]
    subject = {"type": "container", "bom-ref": f"mercato/{name}", "name": f"mercato/{name}", "version": version}
    header = {key: environment[key] for key in ("$schema", "bomFormat", "specVersion")}
    metadata = {"component": subject, "tools": environment["metadata"]["tools"]}
    return {
        **header,
        "version": 1,
        "metadata": metadata,
        "components": [*components, *extra],
        "dependencies": dependencies,
    }


def locked(name: str) -> dict[str, str]:
    """Names and versions of a lock file, those for other systems or Pythons included."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", (LOCKS / f"{name}.txt").read_text(), re.MULTILINE))


def normalized(name: str) -> str:
    """As lock files write the name of a package."""
    return re.sub(r"[-_.]+", "-", name).lower()


def jars() -> list[Document]:
    """Kafka's, with their checksums."""
    return [jar(each) for each in tomllib.loads(JARS.read_text())["dependencies"]]


def jar(entry: Mapping[str, str]) -> Document:
    group, artifact, version = entry["groupId"], entry["artifactId"], entry["version"]
    address = f"pkg:maven/{group}/{artifact}@{version}"
    named = {"type": "library", "group": group, "name": artifact, "version": version}
    return {**named, "bom-ref": address, "purl": address, "hashes": [{"alg": "SHA-256", "content": entry["sha256"]}]}


def hive_router() -> Document:
    """The version that the Dockerfile names."""
    text = (REPOSITORY / "k8s" / "images" / "router.Dockerfile").read_text()
    version = re.findall(r"^ARG ROUTER_IMAGE=\S+:(\S+)$", text, re.MULTILINE)[0]
    address = f"pkg:cargo/hive-router@{version}"
    licence = [{"license": {"id": "MIT"}}]
    return {
        "type": "application",
        "name": "hive-router",
        "version": version,
        "bom-ref": address,
        "purl": address,
        "licenses": licence,
    }


def node_packages() -> Document:
    """npm tells by itself."""
    flags = ["--sbom-format", "cyclonedx", "--sbom-type", "application", "--omit", "dev", "--package-lock-only"]
    document: Document = json.loads(call(["npm", "sbom", *flags, "--prefix", "router"]))
    return document


def write(name: str, document: Document) -> None:
    file = FOLDER / f"{name}.cdx.json"
    file.write_text(json.dumps(document, indent=2) + "\n")
    print(f"{file.relative_to(REPOSITORY)}: {len(document['components'])} components")


def call(command: list[str]) -> str:
    """What a command writes; its complaint ends the program."""
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)  # noqa: S603 - commands of our own
    if done.returncode:
        sys.exit(f"mercato: `{' '.join(command[:2])}` fails: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
