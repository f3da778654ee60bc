"""What can be said of images without building them: their locks, their Dockerfiles, and what a build may see."""

import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tilt.embedded.process import REPOSITORY
from tilt.embedded.subgraphs import SUBGRAPHS

FOLDER = REPOSITORY / "k8s" / "images"
DOCKERFILES = sorted(FOLDER.glob("*.Dockerfile"))
REQUIREMENTS = REPOSITORY / "requirements"
EXTRAS = {"chassis": ["image"], "backends": ["image", "embedded"], **{name: ["image", name] for name in SUBGRAPHS}}
LOCKED_WITH_ALL = [*EXTRAS, "init", "reload"]
STAGE = re.compile(r"^FROM (?P<from>\S+)(?: AS (?P<name>\S+))?$", re.MULTILINE)
COPIED = re.compile(r"^COPY (?!--from)(?:--\S+ )*(?P<paths>.+) \S+$", re.MULTILINE)

# Each must stay out of every build, wherever a Dockerfile may copy a folder that it is in.
KEPT_OUT = (
    ".git/config",
    ".venv/bin/python",
    ".mercato/credentials.json",
    ".env",
    "shared/.env",
    "subgraphs/orders/.mypy_cache/x.json",
    "subgraphs/orders/__pycache__/bootstrap.cpython-311.pyc",
    "k8s/compose/secrets/ROUTER_SECRET",
    "k8s/base/namespace.yaml",
    "router/node_modules/graphql/index.js",
    "tests/backends.py",
    "scripts/secrets",
    "build/sbom/orders.cdx.json",
    "tilt/embedded/demo/story.py",
    "schema/operations/demo/browse.graphql",
    "README.md",
)


def _packages(lock: Path) -> dict[str, str]:
    """Each package of a lock file with its hashes, as it is written."""
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(), flags=re.MULTILINE)
    return {entry.split()[0]: " ".join(re.findall(r"sha256:\w+", entry)) for entry in entries if entry.strip()}


def _names(lock: Path) -> set[str]:
    return {pinned.partition("==")[0] for pinned in _packages(lock)}


def _wanted(extras: list[str]) -> set[str]:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    texts = [*project["dependencies"], *(text for extra in extras for text in project["optional-dependencies"][extra])]
    return {Requirement(text).name for text in texts}


def _lets_in(path: str) -> bool:
    """Whether .dockerignore lets a build see a file: the last pattern that matches it or a folder it is in decides."""
    seen = True
    for line in (REPOSITORY / ".dockerignore").read_text().splitlines():
        if line and not line.startswith("#") and re.fullmatch(f"{_expression(line.removeprefix('!'))}(/.*)?", path):
            seen = line.startswith("!")
    return seen


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*\*/", "(.*/)?").replace(r"\*", "[^/]*")


def _pairs(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    return (path for found in pattern.finditer(text) for path in found["paths"].split())


@contextmanager
def _alive(status: int) -> Iterator[int]:
    """A server that answers `/health/live` with a status; its port."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health/live" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what is wrong."""

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize("name", LOCKED_WITH_ALL)
def test_an_image_installs_what_the_one_lock_says_with_its_hashes(name: str) -> None:
    everything = _packages(REQUIREMENTS / "lock.txt")
    own = _packages(REQUIREMENTS / "images" / f"{name}.txt")
    assert own, "the lock file is empty"
    assert {package: everything.get(package) for package in own} == own


@pytest.mark.parametrize("name", EXTRAS)
def test_a_lock_has_what_the_project_wants_for_that_image(name: str) -> None:
    assert _wanted(EXTRAS[name]) <= _names(REQUIREMENTS / "images" / f"{name}.txt")


@pytest.mark.parametrize("name", SUBGRAPHS)
def test_no_image_of_a_subgraph_has_tools_of_development(name: str) -> None:
    tools = _wanted(["dev", "embedded", "reload"]) - _wanted(EXTRAS[name])
    assert "pytest" in tools
    assert not tools & _names(REQUIREMENTS / "images" / f"{name}.txt")


@pytest.mark.parametrize("lock", sorted(REQUIREMENTS.rglob("*.txt")), ids=lambda path: path.name)
def test_no_lock_names_a_registry_and_each_line_has_a_hash(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert all(_packages(lock).values())


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_what_is_pulled_is_an_argument_with_a_version(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    defaults = dict(re.findall(r"^ARG (\w+)=(\S+)$", text.partition("\nFROM ")[0], re.MULTILINE))
    stages = {found["name"] for found in STAGE.finditer(text)}
    for found in STAGE.finditer(text):
        source = re.sub(r"\$\{(\w+)\}", lambda argument: defaults[argument[1]], found["from"])
        assert source in stages or re.fullmatch(r"\S+:\d[\w.-]+", source), f"{source} has no version"


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_an_image_ends_as_an_ordinary_user_below_an_init_with_labels(dockerfile: Path) -> None:
    text = dockerfile.read_text()
    assert re.findall(r"^USER (\S+)$", text, re.MULTILINE)[-1] == "10001:10001"
    assert all("dumb-init" in line for line in text.splitlines() if line.startswith("ENTRYPOINT"))
    for label in ("title", "description", "version", "revision", "created", "source", "licenses"):
        assert f"org.opencontainers.image.{label}=" in text


@pytest.mark.parametrize("file", [*DOCKERFILES, FOLDER / "install-packages"], ids=lambda path: path.name)
def test_packages_are_installed_by_hash_only(file: Path) -> None:
    text = file.read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if "pip" in line and " install " in line and not line.startswith("#"):
            assert "--require-hashes" in line
            assert "--no-deps" in line
    assert "npm install" not in text


def test_subgraphs_and_backends_begin_with_the_same_layers() -> None:
    common = [
        (FOLDER / f"{name}.Dockerfile").read_text().partition("\nFROM ")[2].partition("AS packages")[0]
        for name in ("subgraph", "backends")
    ]
    assert "install-packages /opt/chassis" in common[0]
    assert common[0] == common[1]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.name)
def test_a_build_sees_what_its_dockerfile_copies(dockerfile: Path) -> None:
    for path in _pairs(COPIED, dockerfile.read_text()):
        name = re.sub(r"\[(.)\]", r"\1", path.replace("${SUBGRAPH}", "orders"))
        assert _lets_in(name), f".dockerignore keeps out {name}"
        assert (REPOSITORY / name).exists() or "provided" in name, f"{name} is not there"


@pytest.mark.parametrize("path", KEPT_OUT)
def test_no_build_sees_what_is_secret_or_of_no_use_to_it(path: str) -> None:
    assert not _lets_in(path)


@pytest.mark.parametrize(("status", "expected"), [(200, 0), (503, 1)])
def test_the_health_check_asks_the_open_port(status: int, expected: int) -> None:
    with _alive(status) as port:
        environment = {"SUBGRAPH": "orders", "ORDERS_PORT": "1", "ORDERS_OPEN_PORT": str(port)}
        done = subprocess.run([sys.executable, str(FOLDER / "healthy.py")], env=environment, check=False)
    assert done.returncode == expected


def test_without_an_engine_the_build_says_which_ones_there_are(tmp_path: Path) -> None:
    command = [sys.executable, str(REPOSITORY / "scripts" / "images.py")]
    done = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "docker nor podman nor buildah" in done.stderr


def test_an_unknown_subgraph_is_named_before_anything_is_built() -> None:
    command = [sys.executable, str(REPOSITORY / "scripts" / "images.py"), "--subgraphs", "order"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "'order'" in done.stderr


def test_tilt_hands_the_routers_build_every_file_that_its_dockerfile_copies() -> None:
    """`test_tilt.py` asks Tilt itself, where it is installed."""
    given = (REPOSITORY / "tilt" / "images.star").read_text()
    copied = _pairs(COPIED, (FOLDER / "router.Dockerfile").read_text())
    assert [
        path for path in copied if path.startswith("router/") and f'"{path.removeprefix("router/")}"' not in given
    ] == []


def test_nothing_but_a_persons_choice_makes_a_build_ask_for_the_published_router() -> None:
    assert re.findall(r"^ARG ROUTER=(\w+)$", (FOLDER / "router.Dockerfile").read_text(), re.MULTILINE) == ["node"]
    assert '"published"' not in (REPOSITORY / "tilt" / "images.star").read_text()


def test_the_backends_image_holds_what_they_import_of_the_chassis() -> None:
    files = [file.read_text() for file in (REPOSITORY / "tilt" / "embedded").rglob("*.py") if "demo" not in file.parts]
    imported = {
        name for text in files for name in re.findall(r"^from shared\.runtime import (\w+)$", text, re.MULTILINE)
    }
    assert not any(re.search(r"^(from shared\.(?!runtime import)|import shared)", text, re.MULTILINE) for text in files)
    copied = (FOLDER / "backends.Dockerfile").read_text()
    assert [name for name in imported if f"shared/runtime/{name}.py" not in copied] == []
