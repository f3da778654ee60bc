"""Numbers and texts that are typed after a command."""

import argparse
from collections.abc import Callable

import pytest

from shared.runtime.arguments import decimal, require_text, whole


def read(kind: Callable[[str], float], text: str) -> float:
    parser = argparse.ArgumentParser()
    parser.add_argument("--days", type=kind)
    days: float = parser.parse_args([f"--days={text}"]).days
    return days


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("010", 10), ("1000000", 1_000_000)])
def test_a_whole_number_is_plain_digits(text: str, number: int) -> None:
    assert read(whole(1, 1_000_000), text) == number


@pytest.mark.parametrize(("text", "number"), [("0.5", 0.5), ("3", 3.0), ("10.25", 10.25)])
def test_a_decimal_may_have_a_fraction(text: str, number: float) -> None:
    assert read(decimal(0.1, 100), text) == number


@pytest.mark.parametrize("kind", [whole(1, 100), decimal(0.1, 100)])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "-1",
        "+1",
        "101",
        "1_0",
        "\uff11",
        "\u0663",
        " 1",
        "1 ",
        "1e1",
        "inf",
        "nan",
        "0x1",
        "1.",
        ".5",
        "1,5",
        "9" * 5000,
        "\udcff",
    ],
)
def test_anything_else_is_rejected_with_the_name_of_the_option(
    kind: Callable[[str], float], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as rejection:
        read(kind, text)
    assert rejection.value.code == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert "argument --days: " in told
    assert "in plain digits from " in told
    assert len(told) < 200


def test_bytes_that_are_no_text_are_rejected_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    require_text(parser, ["--slug", "grüße-😀"])
    with pytest.raises(SystemExit) as rejection:
        require_text(parser, ["--slug", "\udcff"])
    assert rejection.value.code == 2
    assert "argument 2 is no text in UTF-8: '\\udcff'" in capsys.readouterr().err.splitlines()[-1]
