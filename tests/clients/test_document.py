"""docs/frontend/clients.md shows how to connect: with the very files that the tests of clients connect with."""

import re
from pathlib import Path

import pytest

from tests.integration.router.processes import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "frontend" / "clients.md"
CONNECTED = sorted(
    file for file in Path(__file__).parent.glob("connect/*") if file.is_file() and file.name != "__init__.py"
)


@pytest.mark.parametrize("file", CONNECTED, ids=lambda file: file.name)
def test_it_shows_the_file_as_it_is(file: Path) -> None:
    shown = dict(re.findall(r"^`(\S+)`\n\n```\w+\n(.*?)```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE))
    assert shown[file.name] == file.read_text()
