"""Who may open an account."""

import pytest

from shared.email import comparable, is_email
from shared.errors import UserErrors
from subgraphs.users.commands.register import Register
from subgraphs.users.entrypoints.graphql.inputs import registration


def mistaken_fields(
    email: str = "ada@example.com", password: str = "long enough", name: str = "Ada"
) -> list[tuple[str, ...] | None]:
    try:
        registration({"email": email, "password": password, "name": name})
    except UserErrors as mistakes:
        return [error.field for error in mistakes.errors]
    return []


def test_an_account_keeps_what_was_typed_without_the_blanks_around_it() -> None:
    typed = {"email": " Ada@Example.com ", "password": "long enough", "name": " Ada "}
    assert registration(typed) == Register("Ada@Example.com", "Ada", "long enough")


@pytest.mark.parametrize(
    "email",
    [
        "ada@example.com",
        "ada.lovelace+shop@mail.example.co.uk",
        "o'brien@example.com",
        "bounces+ada=example.org?@example.com",
        "a@b.io",
        f"{'a' * 64}@example.com",
    ],
)
def test_addresses_that_people_have_are_accepted(email: str) -> None:
    assert is_email(email)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "ada@",
        "@example.com",
        "ada@example",
        "ada@@example.com",
        "ada @example.com",
        "ada@example..com",
        ".ada@example.com",
        "ada.@example.com",
        "ada@-example.com",
        "ada@example.com\nBcc: all@example.com",
        "ada@example.com\n",
        "Ada <ada@example.com>",
        "ada@example.com,bob@example.com",
        "ada\x00@example.com",
        f"{'a' * 65}@example.com",
        "=?utf-8?q?x?=@example.com",
        "=?utf-7?q?+2AA-?=@example.com",
        "ada.=?utf-8?q??=@example.com",
        "ada=?@example.com",
        f"ada@{'a' * 64}.com",
        f"ada@{'a.' * 125}com",
    ],
)
def test_what_is_no_address_is_rejected(email: str) -> None:
    assert not is_email(email)


def test_addresses_that_differ_by_case_and_blanks_are_one() -> None:
    assert comparable(" ADA@Example.COM\t") == comparable("ada@example.com")


@pytest.mark.parametrize("password", ["", "nine char", "x" * 201, "ADA@example.com ", " ada@EXAMPLE.com"])
def test_a_password_that_is_short_long_or_the_address_is_rejected(password: str) -> None:
    assert mistaken_fields(password=password) == [("password",)]


@pytest.mark.parametrize("blank", [" ", "\u3000", "\u200b", "\u0378", "\u00ad", "\ufeff ", "\u3164"])
def test_a_password_in_which_nothing_can_be_seen_is_rejected(blank: str) -> None:
    assert mistaken_fields(password=blank * 10) == [("password",)]


@pytest.mark.parametrize("password", ["ten chars!", "x" * 200, "пароль-пароль", "long enough \u0378\n"])
def test_any_other_password_is_accepted(password: str) -> None:
    assert mistaken_fields(password=password) == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "Ada\r\nBcc: all@example.com", "Ada\x00", "Ada\u2028Bob"])
def test_a_name_that_is_empty_long_or_has_control_characters_is_rejected(name: str) -> None:
    assert mistaken_fields(name=name) == [("name",)]


def test_all_mistakes_are_told_at_once() -> None:
    assert mistaken_fields("ada", "short", "") == [("email",), ("password",), ("name",)]
