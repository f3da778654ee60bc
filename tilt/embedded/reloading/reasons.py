"""Why a program ended, in one line, from what it said last."""

import json
import re
from pathlib import Path

LONGEST = 300
_FRAME = re.compile(r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+)', re.MULTILINE)
_TRACEBACK = "Traceback (most recent call last):\n"
_NOT_OURS = (".venv", "node_modules")


def reason(said: str, tree: Path) -> str:
    """The last error of what a program said, with the last place in our tree that it came through.

    What is no traceback is taken by its last line: a complaint of ours, or a line of the log.
    """
    if _TRACEBACK in said:
        return _shortened(_of_traceback(said.rpartition(_TRACEBACK)[2], tree))
    lines = [line for line in said.splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("{")]
    return _shortened(told[-1] if told else _message(lines[-1]) if lines else "it said nothing")


def reason_since(log: Path, begun: int, tree: Path) -> str:
    """The same of what a log holds from a place on."""
    with log.open("rb") as file:
        file.seek(begun)
        return reason(file.read().decode(errors="replace"), tree)


def log_length(log: Path) -> int:
    """Where a log ends now."""
    return log.stat().st_size if log.exists() else 0


def _of_traceback(text: str, tree: Path) -> str:
    places = [place for frame in _FRAME.finditer(text) if (place := _place(frame, tree))]
    errors = [line for line in text.splitlines() if line and not line.startswith((" ", "{"))]
    error = errors[0] if errors else "it ended"
    return f"{places[-1]}: {error}" if places else error


def _place(frame: re.Match[str], tree: Path) -> str | None:
    file = Path(frame["file"])
    if not file.is_relative_to(tree) or any(part in _NOT_OURS for part in file.relative_to(tree).parts):
        return None
    return f"{file.relative_to(tree)}:{frame['line']}"


def _message(line: str) -> str:
    try:
        return str(json.loads(line)["message"])
    except (ValueError, LookupError, TypeError):
        return line


def _shortened(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
