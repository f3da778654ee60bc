"""Who may open an account."""

import pytest

from shared.email import LONGEST, comparable, for_mail_server, is_email
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
        "ada@shop.local",
        "Jürgen.Müller@example.com",
        "ada@bücher.de",
        "ada@xn--bcher-kva.de",
        "用户@例子.广告",
        "अजय@डाटा.भारत",
        "квіточка@пошта.укр",
        "χρήστης@παράδειγμα.ελ",
        "ada@例子。广告",
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
        f"{'ü' * 65}@example.com",
        f"{'用' * 64}@{'a' * 60}.example.com",
        f"ada@{'ü' * 63}.de",
        "ada@xn--a.de",
        "ada@bü cher.de",
        "\u0301ada@example.com",
        "a\u202eda@example.com",
        "ada\ud800@example.com",
        "ada@[127.0.0.1]",
        '"ada"@example.com',
    ],
)
def test_what_is_no_address_is_rejected(email: str) -> None:
    assert not is_email(email)


def test_addresses_that_differ_by_case_and_blanks_are_one() -> None:
    assert comparable(" ADA@Example.COM\t") == comparable("ada@example.com")


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("Ada@Bücher.DE", "ada@xn--bcher-kva.de"),
        ("ada@例子。广告", "ada@例子.广告"),
        ("ada@XN--BCHER-KVA.de", "ada@bu\u0308cher.de"),
        ("JÜRGEN@example.com", "ju\u0308rgen@example.com"),
    ],
)
def test_addresses_that_differ_by_the_spelling_of_the_same_letters_are_one(typed: str, other: str) -> None:
    assert comparable(typed) == comparable(other)


@pytest.mark.parametrize(
    ("typed", "other"),
    [
        ("strasse@example.com", "straße@example.com"),
        ("ada@strasse.de", "ada@straße.de"),
        ("\u0430da@example.com", "ada@example.com"),
        ("jurgen@example.com", "jürgen@example.com"),
    ],
)
def test_addresses_that_only_look_or_sound_alike_are_two(typed: str, other: str) -> None:
    assert is_email(typed)
    assert is_email(other)
    assert comparable(typed) != comparable(other)


@pytest.mark.parametrize(
    "email",
    [
        "Ada+News@Example.COM",
        "ADA@XN--BCHER-KVA.de",
        "ada@xn--strae-oqa.de",
        "Ada@xn--a.de",
        "ADA@ab--cd.example.com",
        "ada@shop.LOCAL",
        "ada@Example.123",
    ],
)
def test_an_address_of_before_in_ascii_is_compared_as_it_was(email: str) -> None:
    assert comparable(email) == email.lower()


@pytest.mark.parametrize("email", ["Ada@Example.com", "İ" * 32 + "@example.com", "用户@例子.广告", "no address", "ß@"])
def test_the_form_that_is_compared_is_compared_as_itself(email: str) -> None:
    assert comparable(comparable(email)) == comparable(email)


def test_the_form_that_is_compared_is_never_longer_than_an_address() -> None:
    longest = f"{'İ' * 64}@{'ü' * 20}.{'a' * 60}.{'a' * 30}.de"
    assert not is_email(longest) or len(comparable(longest)) <= LONGEST


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ("Ada@Example.com", "Ada@Example.com"),
        ("Ada@Bücher.de", "Ada@xn--bcher-kva.de"),
        ("Jürgen@Bücher.de", "Jürgen@xn--bcher-kva.de"),
        ("no address ü", "no address ü"),
    ],
)
def test_mail_servers_get_domains_in_ascii(email: str, written: str) -> None:
    assert for_mail_server(email) == written


@pytest.mark.parametrize("password", ["", "nine char", "x" * 201, "ADA@example.com ", " ada@EXAMPLE.com"])
def test_a_password_that_is_short_long_or_the_address_is_rejected(password: str) -> None:
    assert mistaken_fields(password=password) == [("password",)]


@pytest.mark.parametrize("password", ["1234567890", "Qwertyuiop", "\uff30assword123", "1111111111"])
def test_a_password_that_many_people_have_is_rejected(password: str) -> None:
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
