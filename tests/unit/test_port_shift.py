"""MERCATO_PORTS moves every port, and every address that is made of one."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

from shared.runtime.config import SubgraphSettings, load_settings
from shared.security.secrets import Secret
from tilt.embedded import settings as mesh
from tilt.embedded.credentials import load_credentials
from tilt.embedded.environment import mesh_environment, stripe_webhook_url
from tilt.embedded.errors import MeshError
from tilt.embedded.preflight import ports_wanted
from tilt.embedded.settings import Settings
from tilt.embedded.sharing import for_subgraph
from tilt.embedded.subgraphs import SUBGRAPHS

EVERYTHING = 9 + 2 * len(SUBGRAPHS)
SHIFT = 20_000


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder, and no setting beside it."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name in SUBGRAPHS:
        for field in mesh.SubgraphSettings.model_fields:
            monkeypatch.delenv(f"{name}_{field}".upper(), raising=False)
    monkeypatch.setenv("MERCATO_DATA_DIR", str(tmp_path))
    return tmp_path


def ports() -> dict[str, int]:
    return {variable: port for variable, _, port in ports_wanted(mesh.load_settings())}


@pytest.mark.parametrize(("given", "by"), [("+1000", 1000), ("-1000", -1000), ("1000", 1000), ("0", 0), ("", 0)])
def test_every_port_moves(monkeypatch: pytest.MonkeyPatch, given: str, by: int) -> None:
    before = ports()
    monkeypatch.setenv("MERCATO_PORTS", given)
    assert ports() == {variable: port + by for variable, port in before.items()}
    assert len(before) == EVERYTHING


def test_a_port_that_somebody_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ports()
    chosen = {"ROUTER_PORT": 5000, "ORDERS_PORT": 5103, "ORDERS_GRPC_PORT": before["ORDERS_GRPC_PORT"]}
    for variable, port in chosen.items():
        monkeypatch.setenv(variable, str(port))
    monkeypatch.setenv("MERCATO_PORTS", "+1000")
    assert ports() == {variable: port + 1000 for variable, port in before.items()} | chosen


@pytest.mark.parametrize("given", ["lots", "+", "1.5", "+ 1000", "1_000", "٣", "++1", "1000000"])
def test_what_is_no_shift_is_rejected_with_its_name_and_an_example(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("MERCATO_PORTS", given)
    with pytest.raises(MeshError, match=r"^MERCATO_PORTS='.*': write how far all ports move.*MERCATO_PORTS=\+1000"):
        mesh.load_settings()


def test_what_is_wrong_beside_it_is_told_too_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERCATO_PORTS", "lots")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    with pytest.raises(MeshError, match=r"MERCATO_PORTS='lots'.*; LOG_LEVEL='LOUD'") as complaint:
        mesh.load_settings()
    assert str(complaint.value).count("; ") == 2  # one of them in the text of the first


def test_no_part_of_a_moved_mesh_is_told_a_default_port_or_keeps_one(monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = set(ports().values())
    monkeypatch.setenv("MERCATO_PORTS", f"+{SHIFT}")
    settings = mesh.load_settings()
    told = mesh_environment(settings, load_credentials(settings))
    assert not ports_in(*told.values(), stripe_webhook_url(settings)) & defaults
    assert {port + SHIFT for port in defaults} - {9093 + SHIFT} <= ports_in(*told.values())
    for name in SUBGRAPHS:
        assert not ports_in(*values_of(name, for_subgraph(name, told), monkeypatch)) & defaults, name


def values_of(name: str, told: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every setting of a subgraph that is told this."""
    module = importlib.import_module(f"subgraphs.{name}.settings")
    kinds = (each for _, each in inspect.getmembers(module, inspect.isclass) if issubclass(each, SubgraphSettings))
    (kind,) = (each for each in kinds if each is not SubgraphSettings)
    with monkeypatch.context() as context:
        for variable, value in told.items():
            context.setenv(variable, value)
        found = load_settings(kind)
        return [each.current() if isinstance(each, Secret) else str(each) for each in vars(found).values()]


def ports_in(*texts: str) -> set[int]:
    """Every number in these texts that could be a port."""
    return {int(number) for text in texts for number in re.findall(r"(?<![\w.-])\d{4,5}(?![\w.-])", text)}
