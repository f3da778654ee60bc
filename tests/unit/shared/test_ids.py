"""Identifiers that can be told from others."""

from shared.ids import derived_id, new_id


def test_a_derived_id_is_the_same_each_time_and_another_for_another_name_or_parent() -> None:
    parent, other = new_id(), new_id()
    assert derived_id(parent, "payment") == derived_id(parent, "payment")
    assert len({derived_id(parent, "payment"), derived_id(parent, "parcel"), derived_id(other, "payment"), parent}) == 4


def test_a_derived_id_is_a_version_7_with_the_time_of_its_parent() -> None:
    parent = new_id()
    derived = derived_id(parent, "payment")
    assert (derived.version, derived.variant) == (7, parent.variant)
    assert derived.bytes[:6] == parent.bytes[:6]
