"""Which Hive Router the embedded mesh runs, and what a person is told of it."""

import sys
from pathlib import Path

import pytest

from tilt.embedded import hive_router
from tilt.embedded.errors import MeshError
from tilt.embedded.hive_router import STOCK, HiveRouter, find_hive_router


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build of ours that has nothing from before and can't do anything; a test writes another."""
    script = tmp_path / "build"
    script.write_text("raise SystemExit(1)")
    monkeypatch.setattr(hive_router, "BUILD", script)
    return script


def program(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text(f"#!{sys.executable}\n")
    file.chmod(0o755)
    return file


def found(tmp_path: Path, named: Path | None = None) -> tuple[HiveRouter, list[str]]:
    """What is chosen, and what is said meanwhile."""
    said: list[str] = []
    return find_hive_router(named, tmp_path / "logs" / "build.log", said.append), said


def test_the_named_one_wins(tmp_path: Path, programs: Path, build: Path) -> None:
    program(programs, "hive-router")
    build.write_text(f"print({str(program(tmp_path, 'ours'))!r})")
    named = program(tmp_path, "named")
    assert found(tmp_path, named) == (HiveRouter(named), [])


def test_a_named_one_that_is_no_program_is_rejected(tmp_path: Path, programs: Path, build: Path) -> None:
    for wrong in (tmp_path / "nothing", tmp_path, build):
        with pytest.raises(MeshError, match=f"HIVE_ROUTER={wrong} is no program"):
            found(tmp_path, wrong)


def test_ours_is_taken_without_a_word_when_it_was_built(tmp_path: Path, programs: Path, build: Path) -> None:
    program(programs, "hive-router")
    ours = program(tmp_path, "ours")
    build.write_text(f"import sys\nassert sys.argv[1:] == ['--built']\nprint('a line before')\nprint({str(ours)!r})")
    assert found(tmp_path) == (HiveRouter(ours), [])


def test_ours_is_built_where_there_is_rust_and_how_long_that_takes_is_said(
    tmp_path: Path, programs: Path, build: Path
) -> None:
    program(programs, "cargo")
    ours = program(tmp_path, "ours")
    build.write_text(
        f"import sys\nprint('Compiling', file=sys.stderr)\nif '--built' in sys.argv: sys.exit(1)\nprint({str(ours)!r})"
    )
    chosen, said = found(tmp_path)
    assert chosen == HiveRouter(ours)
    assert len(said) == 1
    assert "20 to 30 minutes the first time" in said[0]
    assert (tmp_path / "logs" / "build.log").read_text() == "Compiling\n"


def test_a_stock_one_is_said_to_be_one_when_ours_can_not_be_built(tmp_path: Path, programs: Path, build: Path) -> None:
    program(programs, "cargo")
    stock = program(programs, "hive_router")
    build.write_text("raise SystemExit('needs Rust 1.97')")
    chosen, said = found(tmp_path)
    assert chosen == HiveRouter(stock, is_ours=False)
    assert said[1:] == ["It can't be built: needs Rust 1.97", STOCK]


def test_without_any_it_is_said_how_to_get_one(tmp_path: Path, programs: Path, build: Path) -> None:
    with pytest.raises(MeshError, match=r"install Rust 1\.97 or later, name a binary by HIVE_ROUTER"):
        found(tmp_path)
