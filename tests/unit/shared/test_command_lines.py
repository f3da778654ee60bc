"""What is typed after ``python -m subgraphs.<name>``.

A mistake is one line that names it, and is told before those in settings.
"""

import os
import sys
from importlib import import_module

import pytest

from shared.runtime.service import main

BEGIN = "--event", "e", "--reason", "r"


@pytest.mark.parametrize(
    ("name", "typed", "complaint"),
    [
        ("orders", ["nope"], "argument COMMAND: invalid choice: 'nope'"),
        ("orders", ["dead-letters"], "the following arguments are required: ACTION"),
        ("orders", ["dead-letters", "list", "x"], "unrecognized arguments: x"),
        ("orders", ["outbox", "discard", *BEGIN, "--by", "\udcff"], "argument 8 is no text in UTF-8"),
        ("products", ["withdraw", "--slug", "\udcff"], "argument 3 is no text in UTF-8"),
        (
            "products",
            ["reprice", "--sku", "S", "--price-minor=1_0"],
            "argument --price-minor: '1_0' is not a whole number",
        ),
        ("products", ["reprice", "--sku", "S", "--price-minor=9007199254740992"], "argument --price-minor: "),
        (
            "inventory",
            ["set-stock", "--variant", "V", "--available=-1"],
            "argument --available: '-1' is not a whole number",
        ),
        ("users", ["token", "--email", "a@b.de", "--expires-in", "9" * 30], "argument --expires-in: "),
        ("users", ["seed", "--products", "0"], "argument --products: '0' is not a whole number"),
        ("users", ["migrate", "--wait", "1_0"], "argument --wait: '1_0' is not a whole number"),
        *(
            ("payments", ["reconcile", f"--days={number}"], "argument --days: ")
            for number in ("0", "-1", "1e9", "99999999999")
        ),
        *(
            ("payments", ["reconcile", f"--settle-seconds={number}"], "argument --settle-seconds: ")
            for number in ("1e400", "-5")
        ),
    ],
)
def test_a_mistake_is_told_in_one_line_before_those_in_settings(
    name: str, typed: list[str], complaint: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in list(os.environ):
        monkeypatch.delenv(variable)
    monkeypatch.setattr(sys, "argv", [f"subgraphs.{name}", *typed])
    with pytest.raises(SystemExit) as left:
        main(import_module(f"subgraphs.{name}.bootstrap").build)
    assert left.value.code == 2
    told = capsys.readouterr().err
    assert complaint in told.splitlines()[-1]
    assert "setting" not in told


def test_a_right_command_line_without_settings_tells_those(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for variable in list(os.environ):
        monkeypatch.delenv(variable)
    monkeypatch.setattr(sys, "argv", ["subgraphs.orders", "serve"])
    with pytest.raises(SystemExit) as left:
        main(import_module("subgraphs.orders.bootstrap").build)
    assert left.value.code == 78
    assert "setting ORDERS_DATABASE_URL: " in capsys.readouterr().err
