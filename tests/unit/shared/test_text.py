"""The one rule for what people type."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.countries import COUNTRY_CODES, country_code
from shared.text import foreign_id_mistake, text_mistake, trimmed

WHITE_SPACE = [
    *range(0x9, 0xE),
    0x20,
    0x85,
    0xA0,
    0x1680,
    *range(0x2000, 0x200B),
    0x2028,
    0x2029,
    0x202F,
    0x205F,
    0x3000,
]


def test_what_unicode_calls_white_space_is_trimmed_and_nothing_else() -> None:
    trimmed_away = [code for code in range(sys.maxunicode + 1) if trimmed(chr(code)) == ""]
    assert trimmed_away == WHITE_SPACE


@given(st.text(max_size=60))
def test_what_passes_has_no_break_and_something_to_see(typed: str) -> None:
    text = trimmed(typed)
    if text_mistake("It", text, 50) is None:
        assert text == text.strip()
        assert 1 <= len(text) <= 50
        assert len(text.splitlines()) == 1
        categories = {unicodedata.category(each) for each in text}
        assert not categories & {"Cc", "Zl", "Zp", "Cs", "Co", "Cn"}
        assert {each[0] for each in categories} & set("LNPS")


@pytest.mark.parametrize(
    "text", ["x", "\u0301a", "e\u0301", "\U0001f469\u200d\U0001f52c", "\u05d0\u200f", "\u00a9", "-", "a b", "a\u00a0b"]
)
def test_what_can_be_seen_is_taken(text: str) -> None:
    assert text_mistake("It", text, 50) is None


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "\u2028", "\ue000", "\uffff", "\U0010ffff", "\u0378"])
def test_the_message_names_the_field_the_character_and_the_way_out(text: str) -> None:
    mistake = text_mistake("The recipient", f"x{text}", 200)
    assert mistake is not None
    assert mistake.startswith("The recipient has the character U+")
    assert "1 to 200 characters" in mistake
    mistake.encode()


@pytest.mark.parametrize("code", ["\u00df", "\ufb01", "D\u200bE", "", "DEU", "\uff24\uff25"])
def test_letters_that_become_a_country_as_capitals_are_none(code: str) -> None:
    assert country_code(code) is None


@pytest.mark.parametrize("code", sorted(COUNTRY_CODES))
def test_a_country_may_be_typed_in_small_letters(code: str) -> None:
    assert country_code(f" {code.lower()}\n") == code


@pytest.mark.parametrize("text", ["", "a b", "\u00e9", "a\n", "a\x7f", "x" * 256])
def test_what_is_no_id_of_a_provider_is_rejected(text: str) -> None:
    assert (
        foreign_id_mistake("It", text)
        == "It has 1 to 255 printable ASCII characters and no spaces; send what its provider gave you."
    )
