"""Identifiers that can be told from others."""

import pytest

from shared.ids import derived_id, new_id, try_parse_id

ID = "018cc778-5000-7001-950a-ffffffffffff"
PLAIN = ID.replace("-", "")


def test_a_derived_id_is_the_same_each_time_and_another_for_another_name_or_parent() -> None:
    parent, other = new_id(), new_id()
    assert derived_id(parent, "payment") == derived_id(parent, "payment")
    derived = {derived_id(parent, "payment"), derived_id(parent, "shipment"), derived_id(other, "payment")}
    assert len({parent, *derived}) == 4


def test_a_derived_id_is_a_version_7_with_the_time_of_its_parent() -> None:
    parent = new_id()
    derived = derived_id(parent, "payment")
    assert (derived.version, derived.variant) == (7, parent.variant)
    assert derived.bytes[:6] == parent.bytes[:6]


@pytest.mark.parametrize("text", [ID, ID.upper(), PLAIN])
def test_an_id_is_read_with_hyphens_or_without(text: str) -> None:
    assert str(try_parse_id(text)) == ID


@pytest.mark.parametrize(
    "text",
    [
        *("", f"{ID}\n", f"{ID[:-1]}\n", f" {ID}", f" {ID[1:]}", f"{PLAIN[:-1]}\n", f"\uff10{ID[1:]}", f"+{PLAIN[1:]}"),
        *(
            f"0x{PLAIN[2:]}",
            f"{PLAIN[:8]}_{PLAIN[9:]}",
            f"----{PLAIN}",
            f"{{{ID}}}",
            f"urn:uuid:{ID}",
            f"{ID}0",
            ID[:-1],
            f"{ID}\x00",
        ),
    ],
)
def test_what_python_takes_for_digits_besides_makes_no_id(text: str) -> None:
    assert try_parse_id(text) is None


@pytest.mark.parametrize("value", [None, 7, [], {}, b"018cc77850007001950affffffffffff"])
def test_what_is_no_text_is_no_id(value: object) -> None:
    assert try_parse_id(value) is None  # type: ignore[arg-type]
