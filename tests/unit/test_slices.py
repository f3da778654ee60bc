"""What a slice runs, by what is asked for and by whom each subgraph commands."""

import dataclasses
from pathlib import Path

import pytest

from tests.backends import settings_on_free_ports
from tilt.embedded.errors import MeshError
from tilt.embedded.marks import Mark
from tilt.embedded.slices import Slice, slice_of
from tilt.embedded.subgraphs import SUBGRAPHS


def part(folder: Path, *names: str) -> Slice:
    return slice_of(settings_on_free_ports(folder).model_copy(update={"mercato_slice": names}))


@pytest.mark.parametrize(
    ("names", "real", "backends"),
    [
        (("orders",), {"orders", "payments", "inventory"}, {"localstripe"}),
        (("products",), {"products"}, set()),
        (("users", "products"), {"users", "products"}, set()),
        ((), set(SUBGRAPHS), {"localstripe", "mailbox"}),
    ],
)
def test_a_slice_is_what_is_named_and_whom_it_commands(
    tmp_path: Path, names: tuple[str, ...], real: set[str], backends: set[str]
) -> None:
    found = part(tmp_path, *names)
    assert (set(found.real), set(found.backends())) == (real, backends)
    assert set(found.by_example) == set(SUBGRAPHS) - real
    assert found.is_whole == (not names)


def test_an_unknown_name_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(MeshError) as told:
        part(tmp_path, "orders", "reviws")
    assert str(told.value) == f"SUBGRAPHS=reviws: there is no such subgraph. There are {', '.join(SUBGRAPHS)}."


def test_all_named_is_the_whole_mesh_without_pins(tmp_path: Path) -> None:
    assert part(tmp_path, *SUBGRAPHS) == dataclasses.replace(part(tmp_path), pin_files=())


def test_what_one_slice_has_seeded_another_need_not_seed_again(tmp_path: Path) -> None:
    orders, products = "orders' database", "products' database"
    assert not Mark(tmp_path / "seeded", [orders]).is_set()
    Mark(tmp_path / "seeded", [orders]).add()
    assert not Mark(tmp_path / "seeded", [orders, products]).is_set()
    Mark(tmp_path / "seeded", [products]).add()
    assert Mark(tmp_path / "seeded", [orders, products]).is_set()
