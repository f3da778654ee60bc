"""Which mesh the demonstration runs against."""

import sys

import pytest

from tilt.embedded.demo.target import target
from tilt.embedded.errors import MeshError

EMBEDDED = {"ROUTER_URL": "http://127.0.0.1:4000", "MAILBOX_URL": "http://127.0.0.1:8025"}


def nothing_runs() -> dict[str, str]:
    raise MeshError("Nothing is running")


def test_without_a_word_it_is_the_embedded_mesh() -> None:
    found = target({}, lambda: EMBEDDED)
    assert (found.router_url, found.mailbox_url) == (EMBEDDED["ROUTER_URL"], EMBEDDED["MAILBOX_URL"])
    assert found.subgraph_command("inventory") == [sys.executable, "-m", "subgraphs.inventory"]


def test_another_mesh_runs_its_commands_as_it_is_told() -> None:
    elsewhere = {
        "ROUTER_URL": "http://shop",
        "MAILBOX_URL": "http://mail",
        "MERCATO_SUBGRAPH_COMMAND": "kubectl exec {name} --",
    }
    found = target(elsewhere, nothing_runs)
    assert (found.router_url, found.mailbox_url) == ("http://shop", "http://mail")
    assert found.subgraph_command("inventory") == ["kubectl", "exec", "inventory", "--"]


def test_another_mesh_without_a_way_to_run_commands_is_rejected_with_an_example() -> None:
    with pytest.raises(MeshError, match="MERCATO_SUBGRAPH_COMMAND='kubectl"):
        target({"ROUTER_URL": "http://shop"}, lambda: EMBEDDED)


def test_another_mesh_without_an_address_is_rejected() -> None:
    with pytest.raises(MeshError, match="say where that is: ROUTER_URL and MAILBOX_URL"):
        target({"ROUTER_URL": "http://shop", "MERCATO_SUBGRAPH_COMMAND": "kubectl"}, lambda: EMBEDDED)


def test_what_says_the_same_as_the_running_mesh_is_no_other_mesh() -> None:
    found = target(EMBEDDED, lambda: EMBEDDED)
    assert found.subgraph_command("inventory")[0] == sys.executable


def test_without_a_running_mesh_nobody_is_talked_to() -> None:
    with pytest.raises(MeshError, match="Nothing is running"):
        target({}, nothing_runs)


def test_without_a_running_mesh_one_that_is_named_by_half_is_asked_for_its_other_half() -> None:
    with pytest.raises(MeshError, match=r"Nothing is running.*MERCATO_SUBGRAPH_COMMAND='kubectl"):
        target({"ROUTER_URL": "http://shop"}, nothing_runs)
