"""Secrets of the environment, and of files that change."""

import asyncio
from pathlib import Path

import pytest

from shared.runtime.config import load_settings
from shared.runtime.exits import EXIT_CONFIGURATION
from shared.runtime.reloaded_file import ReloadedFile
from shared.security.secrets import Secret
from subgraphs.inventory.settings import InventorySettings
from tests.subgraphs import eventually

PUBLIC = {
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "REDIS_URL": "redis://127.0.0.1",
    "JWKS_URL": "http://127.0.0.1/jwks.json",
}
SECRET = {
    "INVENTORY_DATABASE_URL": "postgres://inventory@127.0.0.1/inventory",
    "ROUTER_SECRET": "of-a-file",
    "RPC_SECRET": "too",
}


@pytest.fixture(autouse=True)
def looked_at_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are looked at more often than a process has need to."""
    monkeypatch.setattr("shared.runtime.reloaded_file._LOOK_SECONDS", 0.02)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets that the environment names; all else is in the environment."""
    for name, value in PUBLIC.items():
        monkeypatch.setenv(name, value)
    for name, value in SECRET.items():
        monkeypatch.delenv(name, raising=False)
        (tmp_path / name).write_text(value + "\n")
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    return tmp_path


def replace(file: Path, text: str) -> None:
    """As Kubernetes does: the new file is whole before it has the name."""
    unfinished = file.with_suffix(".new")
    unfinished.write_text(text)
    unfinished.replace(file)


def test_secrets_are_read_from_files(folder: Path) -> None:
    settings = load_settings(InventorySettings)
    assert settings.router_secret.current() == "of-a-file"
    assert settings.database_url.current() == SECRET["INVENTORY_DATABASE_URL"]


def test_the_environment_wins_over_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTER_SECRET", "of-the-environment")
    assert load_settings(InventorySettings).router_secret.current() == "of-the-environment"


@pytest.mark.parametrize("name", list(SECRET))
def test_an_empty_file_stops_the_start_by_its_name(folder: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (folder / name).write_text("\n")
    with pytest.raises(SystemExit) as stop:
        load_settings(InventorySettings)
    assert stop.value.code == EXIT_CONFIGURATION
    assert capsys.readouterr().err == f"setting {name}: the file {folder / name} is empty\n"


def test_a_folder_that_is_not_there_stops_the_start(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SECRETS_DIR", str(folder / "missing"))
    with pytest.raises(SystemExit):
        load_settings(InventorySettings)
    assert "setting SECRETS_DIR: there is no folder" in capsys.readouterr().err


def test_a_file_may_be_named_in_lower_case(folder: Path) -> None:
    (folder / "ROUTER_SECRET").rename(folder / "router_secret")
    assert load_settings(InventorySettings).router_secret.current() == "of-a-file"


@pytest.mark.parametrize(
    "url", ["localhost", "mysql://me@localhost/shop", "postgres:///shop", "postgres://h/", "postgres://h:port/shop"]
)
def test_an_address_that_is_no_database_stops_the_start_and_is_not_shown(
    folder: Path, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    (folder / "INVENTORY_DATABASE_URL").write_text(url)
    with pytest.raises(SystemExit) as stop:
        load_settings(InventorySettings)
    assert stop.value.code == EXIT_CONFIGURATION
    problem = "write an address such as postgres://user:password@host:5432/database"
    assert capsys.readouterr().err == f"setting INVENTORY_DATABASE_URL: {problem}\n"


def test_of_several_lines_the_first_is_sent_and_all_are_accepted() -> None:
    secret = Secret("new\nold\n")
    assert secret.current() == "new"
    assert [secret.accepts(text) for text in ("new", "old", "new\nold", "", "other")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_no_secret_accepts_nothing() -> None:
    assert not Secret("").accepts("")


async def test_a_file_that_was_replaced_is_read_again(folder: Path) -> None:
    secret = load_settings(InventorySettings).router_secret
    replace(folder / "ROUTER_SECRET", "another")

    async def has_changed() -> bool:
        return secret.current() == "another"

    await eventually(has_changed, "the new secret is known")


async def test_a_secret_that_was_rejected_is_looked_for_at_once(folder: Path) -> None:
    secret = load_settings(InventorySettings).router_secret
    replace(folder / "ROUTER_SECRET", "another")
    assert await secret.is_replaced("of-a-file", 0.05)
    assert not await secret.is_replaced("another", 0.05)
    replace(folder / "ROUTER_SECRET", "a third")
    assert await secret.is_replaced("another", 60)


async def test_a_secret_without_a_file_is_not_waited_for() -> None:
    assert not await asyncio.wait_for(Secret("given").is_replaced("given", 60), 30)


async def test_a_new_file_that_cannot_be_used_is_named_and_the_old_content_stays(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = load_settings(InventorySettings).router_secret
    replace(folder / "ROUTER_SECRET", "")

    async def was_seen() -> bool:
        return secret.current() == "of-a-file" and "can't be used" in caplog.text

    await eventually(was_seen, "the empty file was seen")
    assert str(folder / "ROUTER_SECRET") in caplog.text


async def test_a_folder_behind_a_link_is_swapped_as_kubernetes_does_it(tmp_path: Path) -> None:
    for version in ("1", "2"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "secret").write_text(version)
    (tmp_path / "..data").symlink_to("1")
    (tmp_path / "secret").symlink_to("..data/secret")
    file = ReloadedFile(tmp_path / "secret", Path.read_text)
    (tmp_path / "..new").symlink_to("2")
    (tmp_path / "..new").replace(tmp_path / "..data")

    async def has_changed() -> bool:
        return file.current() == "2"

    await eventually(has_changed, "the new folder is read")
