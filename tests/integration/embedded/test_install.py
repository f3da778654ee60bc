"""What the Makefile installs, and when."""

import subprocess
import sys
from pathlib import Path

import pytest

from tilt.embedded import install
from tilt.embedded.install import InstallError, Step


def step(folder: Path, *commands: list[str]) -> Step:
    return Step("Things", [str(folder / "lock")], folder / "stamp", lambda: commands)


def appending(file: Path) -> list[str]:
    return [sys.executable, "-c", f"open({str(file)!r}, 'a').write('done ')"]


FAILING = [sys.executable, "-c", "raise SystemExit('not now')"]


def test_it_is_done_again_only_when_its_lock_file_changes(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("one")
    assert not step(tmp_path).is_done()
    step(tmp_path, appending(tmp_path / "log")).run()
    assert step(tmp_path).is_done()
    (tmp_path / "lock").write_text("two")
    assert not step(tmp_path).is_done()


def test_what_failed_half_way_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("one")
    step(tmp_path, appending(tmp_path / "log")).run()
    with pytest.raises(InstallError, match=r"Things cannot be installed.*\nnot now"):
        step(tmp_path, appending(tmp_path / "log"), FAILING, appending(tmp_path / "log")).run()
    assert not step(tmp_path).is_done()
    assert (tmp_path / "log").read_text() == "done done "


def test_the_first_failure_ends_what_runs_beside_it(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("one")
    endless = step(tmp_path, [sys.executable, "-c", "import time; time.sleep(600)"])
    with pytest.raises(InstallError, match="not now"):
        install.install([[endless], [step(tmp_path, FAILING)]])


def test_a_missing_tool_is_told_in_one_line() -> None:
    done = subprocess.run([sys.executable, install.__file__, "node"], env={"PATH": ""}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "mercato: node is missing: install Node.js 20 or later.\n")


def test_a_full_disk_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    install.check_disk()
    monkeypatch.setattr(install, "LEAST_FREE_BYTES", 1 << 60)
    with pytest.raises(InstallError, match=r"MB are free where .* is; .* are needed"):
        install.check_disk()
