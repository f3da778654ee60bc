"""Tables of events in a terminal."""

import pytest

from shared.events.tables import Table


def test_cells_of_any_length_make_lines_that_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("{:<9} {:<9} {}", ("EVENT", "TYPE", "ERROR"), "nothing")
    table.add("an id", "t" * 10_000, "e" * 10_000)
    table.add("an id", "t" * 100, "e" * 500)
    _, cut, whole = capsys.readouterr().out.splitlines()
    assert cut == f"an id     {'t' * 99}… {'e' * 499}…"
    assert whole == f"an id     {'t' * 100} {'e' * 500}"
