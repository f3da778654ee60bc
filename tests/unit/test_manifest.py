"""What a manifest may say of a subgraph; a mistake is told with its file and key."""

from pathlib import Path

import pytest

from tilt.embedded.manifest import ManifestError, Secret, Share, callers, dependents_first, read_manifests

NAMES = """
subgraphs:
  {name}:
    routing_url: {url}
  orders:
    routing_url: http://127.0.0.1:4103/graphql
"""


def tree(folder: Path, own: str, name: str = "users", url: str = "http://127.0.0.1:4101/graphql") -> Path:
    """A tree of two subgraphs: the first one's manifest is given."""
    for each, text in ((name, own), ("orders", "grpc_port: 4203")):
        (folder / "subgraphs" / each).mkdir(parents=True)
        (folder / "subgraphs" / each / "subgraph.yaml").write_text(text)
    (folder / "supergraph.yaml").write_text(NAMES.format(name=name, url=url))
    return folder


def test_a_port_each_is_all_that_must_be_said(tmp_path: Path) -> None:
    users = read_manifests(tree(tmp_path, "grpc_port: 4201"))["users"]
    assert (users.name, users.port, users.grpc_port) == ("users", 4101, 4201)
    assert (users.needs, users.calls, users.settings, users.secrets, users.serve) == ((), (), (), {}, None)


def test_all_that_can_be_said_is_read(tmp_path: Path) -> None:
    said = """
grpc_port: 4201
needs: [orders]
calls: [orders]
settings: [STRIPE_*, NO_PROXY]
secrets:
  KEY: { label: key, file_setting: KEY_FILE }
  SMTP_URL: { label: mail, live: true }
serve: { cpu: 200m, memory: 256Mi, most_memory: 448Mi }
"""
    manifests = read_manifests(tree(tmp_path, said))
    users = manifests["users"]
    assert (users.needs, users.calls, users.settings) == (("orders",), ("orders",), ("STRIPE_*", "NO_PROXY"))
    assert users.secrets == {
        "KEY": Secret(label="key", file_setting="KEY_FILE"),
        "SMTP_URL": Secret(label="mail", live=True),
    }
    assert users.serve == Share(cpu="200m", memory="256Mi", most_memory="448Mi")
    assert (callers(manifests, "orders"), callers(manifests, "users")) == (("users",), ())
    assert dependents_first(manifests) == ("users", "orders")


@pytest.mark.parametrize(
    ("own", "complaint"),
    [
        ("", "subgraphs/users/subgraph.yaml: is no mapping of keys"),
        ("needs: [", "subgraphs/users/subgraph.yaml: while parsing"),
        ("needs: []", "subgraphs/users/subgraph.yaml: grpc_port: Field required"),
        ("grpc_port: 0", "subgraphs/users/subgraph.yaml: grpc_port: Input should be greater than or equal to 1"),
        (
            "grpc_port: 4101",
            "subgraphs/users/subgraph.yaml: grpc_port: 4101 is taken by supergraph.yaml: subgraphs.users",
        ),
        ("grpc_port: 1\nneds: [orders]", "subgraphs/users/subgraph.yaml: neds: Extra inputs are not permitted"),
        ("grpc_port: 1\nneeds: orders", "subgraphs/users/subgraph.yaml: needs: Input should be a valid tuple"),
        (
            "grpc_port: 1\nneeds: [order]",
            "subgraphs/users/subgraph.yaml: needs: order is no other subgraph of supergraph",
        ),
        (
            "grpc_port: 1\ncalls: [users]",
            "subgraphs/users/subgraph.yaml: calls: users is no other subgraph of supergraph",
        ),
        ("grpc_port: 1\nsecrets: { KEY: {} }", "subgraphs/users/subgraph.yaml: secrets.KEY.label: Field required"),
        ("grpc_port: 1\nsecrets: { key: {label: k} }", "subgraphs/users/subgraph.yaml: secrets.key"),
        ("grpc_port: 1\nserve: { cpu: 1 }", "subgraphs/users/subgraph.yaml: serve.cpu: Input should be a valid string"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_key(own: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as told:
        read_manifests(tree(tmp_path, own))
    assert str(told.value).startswith(complaint)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("name", "url", "complaint"),
    [
        ("my-users", "http://127.0.0.1:4101/graphql", "supergraph.yaml: subgraphs.my-users.name: String should match"),
        (
            "users",
            "http://127.0.0.1/graphql",
            "supergraph.yaml: subgraphs.users.routing_url: Input should be a valid int",
        ),
        (
            "users",
            "http://127.0.0.1:4103/",
            "supergraph.yaml: subgraphs.orders.routing_url: 4103 is taken by supergraph",
        ),
    ],
)
def test_a_mistake_in_what_names_them_is_told_with_its_key(name: str, url: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as told:
        read_manifests(tree(tmp_path, "grpc_port: 4201", name, url))
    assert str(told.value).startswith(complaint)


def test_a_subgraph_without_a_manifest_is_told(tmp_path: Path) -> None:
    folder = tree(tmp_path, "grpc_port: 4201")
    (folder / "subgraphs" / "orders" / "subgraph.yaml").unlink()
    with pytest.raises(ManifestError, match=r"^subgraphs/orders/subgraph\.yaml: No such file or directory$"):
        read_manifests(folder)


def test_those_that_need_each_other_are_told(tmp_path: Path) -> None:
    folder = tree(tmp_path, "grpc_port: 4201\nneeds: [orders]")
    (folder / "subgraphs" / "orders" / "subgraph.yaml").write_text("grpc_port: 4203\nneeds: [users]")
    with pytest.raises(ManifestError, match=r"^subgraphs/users/subgraph\.yaml: needs: users needs orders needs users$"):
        read_manifests(folder)
