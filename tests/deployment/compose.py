"""The Compose files, with what they extend and include put together as the specification says."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[2] / "k8s" / "compose"
DEVELOPMENT, PRODUCTION, TEST = "compose.yaml", "compose.production.yaml", "compose.test.yaml"
RUN = (DEVELOPMENT, PRODUCTION, TEST)
VERSION = "1.4.0"
_VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?]([^}]*))?\}")

Service = dict[str, Any]


def parsed(name: str) -> dict[str, Any]:
    """A file as it is written."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found


@cache
def services(name: str) -> dict[str, Service]:
    """The services of a file, each with what it extends."""
    return {each: _extended(service) for each, service in parsed(name)["services"].items()}


def secrets(name: str) -> dict[str, str]:
    """The secrets that a file, or one that it includes, declares, with their files below the folder of secrets."""
    found = dict(parsed(name).get("secrets", {}))
    for included in parsed(name).get("include", []):
        found |= parsed(included)["secrets"]
    return {each: _below_secrets(secret["file"]) for each, secret in found.items()}


def with_version(image: str) -> str:
    """An image's name with VERSION filled in, and without a registry."""
    return _VARIABLE.sub(lambda match: VERSION if match[1] == "VERSION" else match[2] or "", image)


def mounted(service: Service) -> dict[str, str]:
    """The secrets that a service is given, by the names of their files."""
    given = [{"source": each} if isinstance(each, str) else each for each in service.get("secrets", [])]
    return {each.get("target", each["source"]): each["source"] for each in given}


def _below_secrets(file: str) -> str:
    return _VARIABLE.sub("", file).lstrip("/")


def _extended(service: Service) -> Service:
    extended = service.get("extends")
    if not extended:
        return service
    own = {key: value for key, value in service.items() if key != "extends"}
    return _merged(services(extended["file"])[extended["service"]], own)


def _merged(below: Service, above: Service) -> Service:
    """Mappings and lists are joined, but a command takes the place of another one."""
    found = dict(below)
    for key, value in above.items():
        match found.get(key), value:
            case dict() as old, dict():
                found[key] = _merged(old, value)
            case list() as old, list() if key not in ("command", "test"):
                found[key] = old + value
            case _:
                found[key] = value
    return found
