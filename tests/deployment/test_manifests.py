"""No list of subgraphs is kept by hand: those that files hold are what their manifests make of them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.drift import drift
from tests.deployment.helm import KUBERNETES as VERSION
from tests.deployment.helm import helm, needs_helm
from tests.deployment.manifests import Manifest, container, named, rendered
from tests.newcomer import NEWCOMER, copied_files, dismiss, make_manifests, tree_with_newcomer
from tilt.embedded.manifest import REPOSITORY, read_manifests
from tilt.embedded.subgraphs import SUBGRAPHS

# Where they may stand side by side: what names them; what is made of that (JSON has no comments that could hold a
# template); and what pip reads, where each has its extra.
LISTS = (
    "supergraph.yaml",
    "schema/supergraph.graphql",
    "router/router.tls.config.yaml",
    "k8s/helm/mercato/values.schema.json",
    "pyproject.toml",
)
PROSE = (".md",)
SIDE_BY_SIDE_LINES = 20
_WRITTEN_FILE = "# Written by `make manifests`"
_WRITTEN_BLOCK = re.compile(r"# each (new )?subgraph.*?# end of each subgraph", re.DOTALL)
PLAIN = "products"  # in a cluster it has what each has, and nothing beyond it
PLAIN_SERVICE = "inventory"  # the same of Compose


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with one subgraph more, and lists that know it."""
    found = tree_with_newcomer(tmp_path_factory.mktemp("tree"))
    assert make_manifests(found).returncode == 0
    return found


def test_files_hold_what_the_manifests_make_of_them() -> None:
    done = make_manifests(REPOSITORY, "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_nobody_lists_the_subgraphs_by_hand() -> None:
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.splitlines()
    files = {name: REPOSITORY / name for name in names if name not in LISTS and not name.endswith(PROSE)}
    assert [name for name, file in files.items() if file.is_file() and _lists_all(_text(file))] == []


@pytest.mark.parametrize("separator", [" ", '", "', "\n", ": {}\n", "_URL: x\n"])
def test_a_list_by_hand_is_found(separator: str) -> None:
    assert _lists_all(separator.join(SUBGRAPHS))
    assert _lists_all(separator.join(map(str.upper, reversed(SUBGRAPHS))))
    assert not _lists_all(separator.join(SUBGRAPHS[1:]))


def _text(file: Path) -> str:
    text = file.read_text(errors="replace")
    return "" if text.startswith(_WRITTEN_FILE) else _WRITTEN_BLOCK.sub("", text)


def _lists_all(text: str) -> bool:
    """Whether a few lines on end name each subgraph."""
    seen: dict[str, int] = {}
    for number, line in enumerate(text.lower().splitlines()):
        seen |= {name: number for name in SUBGRAPHS if re.search(rf"(?<![a-z]){name}(?![a-z])", line)}
        if len(seen) == len(SUBGRAPHS) and number - min(seen.values()) < SIDE_BY_SIDE_LINES:
            return True
    return False


def test_scripts_that_only_have_a_shell_know_the_same_names(tree: Path) -> None:
    for each in (REPOSITORY, tree):
        said = subprocess.run([each / "scripts" / "subgraphs"], capture_output=True, text=True, check=True).stdout
        assert said.split() == list(read_manifests(each))


def test_a_newcomer_makes_the_check_fail_until_its_lists_are_written(tmp_path: Path) -> None:
    tree = tree_with_newcomer(tmp_path)
    before = make_manifests(tree, "--check")
    assert before.returncode == 1
    assert "k8s/base/kustomization.yaml is stale: run `make manifests` and commit the result.\n" in before.stderr
    assert make_manifests(tree).returncode == 0
    assert make_manifests(tree, "--check").returncode == 0


def test_one_who_goes_takes_everything_along(tmp_path: Path) -> None:
    tree = tree_with_newcomer(tmp_path)
    make_manifests(tree)
    dismiss(tree)
    assert make_manifests(tree).returncode == 0
    written = [path for path in (tree / "k8s").rglob("*") if path.is_file() and NEWCOMER in path.read_text()]
    assert written == []
    files = [file for file in copied_files() if (REPOSITORY / file).is_file()]
    assert [file for file in files if (tree / file).read_bytes() != (REPOSITORY / file).read_bytes()] == []


def test_a_block_without_an_end_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    tree = tree_with_newcomer(tmp_path)
    file = tree / "tilt" / "mesh.star"
    file.write_text(file.read_text().replace("# end of each subgraph", "# end"))
    done = make_manifests(tree)
    assert (done.returncode, done.stderr.partition(": a block")[0]) == (1, "mercato: tilt/mesh.star")
    assert not (tree / "k8s" / "base" / NEWCOMER).exists()


def test_a_version_that_somebody_set_stays(tree: Path, tmp_path: Path) -> None:
    file = Path("k8s/overlays/production/versions.yaml")
    other = tree_with_newcomer(tmp_path)
    text = (other / file).read_text()
    (other / file).write_text(text.replace("  orders: 0.1.0\n", "  orders: 0.7.1\n"))
    make_manifests(other)
    assert yaml.safe_load((other / file).read_text())["data"] == {
        **yaml.safe_load((tree / file).read_text())["data"],
        "orders": "0.7.1",
    }


@pytest.mark.parametrize("overlay", ["offline", "production"])
def test_a_newcomer_has_everything_in_a_cluster_that_the_others_have(tree: Path, overlay: str) -> None:
    objects = rendered(tree / "k8s" / "overlays" / overlay)
    assert _of(objects, NEWCOMER) == _renamed(_of(objects, PLAIN), PLAIN)
    routed = [each["name"] for each in container(named(objects, "Deployment", "router"))["env"]]
    assert "GUESTBOOK_URL" in routed


@pytest.mark.parametrize("name", ["vault", "mutual-tls/wiring", "autoscaling-lag"])
def test_components_know_a_newcomer(tree: Path, name: str) -> None:
    for file in _written(tree / "k8s" / "components" / name):
        assert NEWCOMER in file.read_text(), file


def _written(folder: Path) -> Iterator[Path]:
    """The files of a folder in which something is the same for each subgraph."""
    return (file for file in folder.glob("*.yaml") if _WRITTEN_BLOCK.search(file.read_text()))


def test_a_newcomers_pods_may_read_its_own_secrets_in_vault_alone(tree: Path) -> None:
    policy = (tree / "k8s" / "vault" / "policies" / f"{NEWCOMER}.hcl").read_text()
    assert re.findall(r'path "(.+)"', policy) == ["mercato/data/mesh", f"database/static-creds/{NEWCOMER}"]


@needs_helm
@pytest.mark.parametrize("name", ["offline", "production"])
def test_the_chart_makes_of_a_newcomer_what_the_overlay_makes(tree: Path, name: str) -> None:
    chart = tree / "k8s" / "helm" / "mercato"
    options = ("--namespace", "mercato", "--kube-version", VERSION, "--set", "namespace.create=true")
    text = helm("template", "mercato", str(chart), *options, "--values", str(chart / f"values-{name}.yaml"))
    made = [each for each in yaml.safe_load_all(text) if each]
    assert drift(rendered(tree / "k8s" / "overlays" / name), made) == []


@pytest.mark.parametrize("name", ["mesh", "compose", "compose.test", "compose.production"])
def test_a_newcomer_has_every_service_in_compose(tree: Path, name: str) -> None:
    services = yaml.safe_load((tree / "k8s" / "compose" / f"{name}.yaml").read_text())["services"]
    assert _parts(services, NEWCOMER) == _renamed(_parts(services, PLAIN_SERVICE), PLAIN_SERVICE)


def test_the_routers_configuration_finds_a_newcomer_at_its_port(tree: Path) -> None:
    urls = yaml.safe_load((tree / "router" / "router.config.yaml").read_text())["override_subgraph_urls"]["subgraphs"]
    assert (
        urls[NEWCOMER]["url"]["expression"] == '(get_env_var("GUESTBOOK_URL") ?? "http://127.0.0.1:4190") + "/graphql"'
    )


def test_an_old_folder_of_secrets_gets_those_of_a_newcomer(tree: Path, tmp_path: Path) -> None:
    _make_secrets(REPOSITORY, tmp_path)
    old = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    said = _make_secrets(tree, tmp_path)
    assert said == f"made {NEWCOMER}/GUESTBOOK_DATABASE_URL\n"
    assert {path: path.read_bytes() for path in old} == old
    url = (tmp_path / NEWCOMER / "GUESTBOOK_DATABASE_URL").read_text()
    assert re.fullmatch(r"postgres://guestbook:[0-9a-f]{48}@postgres:5432/guestbook", url)


def _make_secrets(tree: Path, folder: Path) -> str:
    command = (tree / "scripts" / "secrets", "--directory", folder, "--development")
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _of(objects: list[Manifest], subgraph: str) -> dict[str, Manifest]:
    """The objects that a subgraph has to itself, by kind and name."""
    own = re.compile(rf"{subgraph}(-.+)?")
    return {
        f"{each['kind']} {each['metadata']['name']}": each
        for each in objects
        if own.fullmatch(each["metadata"]["name"])
    }


def _parts(services: dict[str, Any], subgraph: str) -> dict[str, Any]:
    """The services of a subgraph, each with those variables alone that are its own."""
    return {
        name: {**service, "environment": _own(service.get("environment", {}), subgraph)}
        for name, service in services.items()
        if re.fullmatch(rf"{subgraph}(-.+)?", name)
    }


def _own(environment: dict[str, Any], subgraph: str) -> dict[str, Any]:
    return {
        name: value
        for name, value in environment.items()
        if re.fullmatch(rf"{subgraph}_.*PORT|{subgraph}_HOST", name, re.IGNORECASE)
    }


def _renamed(found: dict[str, Any], old: str) -> dict[str, Any]:
    """The same of the newcomer."""
    text = yaml.safe_dump(found).replace(old, NEWCOMER).replace(old.upper(), NEWCOMER.upper())
    renamed: dict[str, Any] = yaml.safe_load(text)
    return renamed
