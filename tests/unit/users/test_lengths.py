"""However long what somebody types is, nothing dear is made of it."""

import unicodedata
from typing import Any

import pytest

from shared.errors import BadUserInput, UserErrors
from shared.graphql.pagination import page_request
from shared.ids import try_parse_id
from subgraphs.users.commands.log_in import LogIn, log_in
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.domain.rejections import CredentialsInvalid, RefreshTokenInvalid
from subgraphs.users.entrypoints.graphql.inputs import postal_address, registration
from subgraphs.users.infrastructure import passwords as module
from subgraphs.users.infrastructure.passwords import Argon2Cost, Argon2Passwords
from tests.fakes.users import UsersTwin

MARKS = "\u0301" * 130_000
PASSWORDS = Argon2Passwords(Argon2Cost(passes=1, memory_kib=8192, lanes=1), 1)


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", MARKS), (MARKS, "long enough"), (MARKS, MARKS)])
async def test_credentials_that_nobody_can_have_cost_one_hash_of_nothing(
    monkeypatch: pytest.MonkeyPatch, email: str, password: str
) -> None:
    composed: list[str] = []

    def compose(text: str) -> str:
        composed.append(text)
        return text

    monkeypatch.setattr(module, "_composed", compose)
    users: Any = UsersTwin()
    users.passwords, users.throttle = PASSWORDS, None  # whoever asked the throttle would fail
    with pytest.raises(CredentialsInvalid):
        await users.perform_alone(log_in, LogIn(email, password))
    assert composed == [""]


async def test_a_refresh_token_longer_than_any_is_rejected_without_being_looked_for() -> None:
    users: Any = UsersTwin()
    users.sessions = None  # whoever looked for it would fail
    with pytest.raises(RefreshTokenInvalid):
        await users.perform_alone(refresh_session, RefreshSession(MARKS))


def test_no_character_is_looked_at_of_a_line_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []

    def category(character: str) -> str:
        if character in MARKS:
            looked_at.append(character)
        return "Ll"

    monkeypatch.setattr(unicodedata, "category", category)
    with pytest.raises(UserErrors) as rejected:
        registration({"email": "ada@example.com", "password": MARKS, "name": MARKS})
    assert {error.field for error in rejected.value.errors} == {("password",), ("name",)}
    with pytest.raises(UserErrors) as rejected:
        postal_address(dict.fromkeys(("recipient", "line1", "line2", "postal_code", "city", "country", "phone"), MARKS))
    assert len(rejected.value.errors) == 7
    assert looked_at == []


def test_ids_and_cursors_longer_than_any_are_none() -> None:
    assert try_parse_id("0" * 200_000) is None
    with pytest.raises(BadUserInput):
        page_request(20, "A" * 200_000, 1)
