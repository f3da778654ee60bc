"""What operators type to register a client: read as it is meant, or refused with what to do."""

import argparse

import pytest

from subgraphs.users.entrypoints.client_commands import clients_command
from tests.fakes.users import UsersTwin

BACK = "https://shop.example/back"


async def typed(users: UsersTwin, *arguments: str) -> None:
    """Runs the command with these arguments."""
    command = clients_command(users)  # type: ignore[arg-type]
    parser = argparse.ArgumentParser()
    command.arguments(parser)
    await command.run(parser.parse_args(["add", "--name", "Shop", *arguments]))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ((), "--redirect-uri"),
        (("--redirect-uri", BACK, "--scope", "orders:read"), "register two"),
        (("--scope", "orders:read", "--public"), "--public"),
        (("--scope", "everything"), "everything"),
        (("--redirect-uri", "http://shop.example/back"), "no such address"),
        (("--redirect-uri", "https://shop.example/#x"), "no such address"),
        (("--redirect-uri", "https://a@b.example/"), "no such address"),
        (("--redirect-uri", "https://shop.example/*;"), "no such address"),
        (("--redirect-uri", "https://[x"), "no such address"),
        (("--redirect-uri", "javascript:alert(1)"), "no such address"),
        (("--redirect-uri", "data:text/html,x"), "no such address"),
        (("--redirect-uri", "/back"), "no such address"),
    ],
)
async def test_a_registration_that_makes_no_sense_says_what_to_do(
    options: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    users = UsersTwin()
    with pytest.raises(SystemExit) as ended:
        await typed(users, *options)
    assert complaint in f"{ended.value}{capsys.readouterr().err}"
    assert users.clients.known == {}


async def test_a_client_that_is_registered_is_told_its_secret_once(capsys: pytest.CaptureFixture[str]) -> None:
    users = UsersTwin()
    await typed(users, "--redirect-uri", BACK, "--redirect-uri", "com.example.app:/back")
    (client,) = users.clients.known.values()
    assert client.redirect_uris == (BACK, "com.example.app:/back")
    told = capsys.readouterr().out
    assert f"client_id: {client.id}" in told
    assert "client_secret: " in told


async def test_a_public_client_has_no_secret(capsys: pytest.CaptureFixture[str]) -> None:
    users = UsersTwin()
    await typed(users, "--redirect-uri", BACK, "--public")
    assert "client_secret" not in capsys.readouterr().out
