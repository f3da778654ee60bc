"""Settings: what is wrong is named, and nothing starts."""

import pytest

from shared.runtime.config import load_settings
from shared.runtime.exits import EXIT_CONFIGURATION
from subgraphs.inventory.settings import InventorySettings

GOOD = {
    "INVENTORY_DATABASE_URL": "postgres://inventory@127.0.0.1/inventory",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "REDIS_URL": "redis://127.0.0.1",
    "ROUTER_SECRET": "secret",
    "RPC_SECRET": "secret",
    "JWKS_URL": "http://127.0.0.1/jwks.json",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A good environment."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_good_environment_is_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("INVENTORY_PORT", "5000")
    settings = load_settings(InventorySettings)
    assert (settings.port, settings.grpc_port) == (5000, 4205)


@pytest.mark.parametrize("name", list(GOOD))
def test_a_missing_setting_stops_the_start_by_name(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    environment.delenv(name)
    with pytest.raises(SystemExit) as stop:
        load_settings(InventorySettings)
    assert stop.value.code == EXIT_CONFIGURATION
    assert f"setting {name}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"), [("INVENTORY_PORT", "none"), ("INVENTORY_PORT", "70000"), ("LOG_LEVEL", "LOUD")]
)
def test_a_malformed_setting_stops_the_start_by_name(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(SystemExit):
        load_settings(InventorySettings)
    assert f"setting {name}: " in capsys.readouterr().err


def test_secrets_are_not_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("ROUTER_SECRET", "do-not-show-me")
    assert "do-not-show-me" not in repr(load_settings(InventorySettings))
