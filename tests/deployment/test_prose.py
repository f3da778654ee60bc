"""Lines of prose are short enough to be read side by side. Tables, commands and addresses have no end of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment.test_links import ROOT, documents

LONGEST = 120


def prose(document: Path) -> Iterator[str]:
    """The lines that are neither of a table nor of code."""
    is_code = False
    for line in document.read_text().splitlines():
        is_fence = line.lstrip().startswith("```")
        is_code = is_code != is_fence
        if not (is_code or is_fence or line.startswith(("    ", "`")) or line.lstrip().startswith("|")):
            yield line


@pytest.mark.parametrize("document", documents(), ids=lambda document: str(document.relative_to(ROOT)))
def test_no_line_of_prose_is_too_long(document: Path) -> None:
    assert [line for line in prose(document) if len(line) > LONGEST] == []
