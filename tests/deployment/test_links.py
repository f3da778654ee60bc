"""Documents lead where they say: every relative link names a file that is there, and a heading that it has."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def documents() -> list[Path]:
    """Every document of the repository, also those that are not committed yet."""
    listing = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md")
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [document for name in names if (document := ROOT / name).exists()]


def anchors(document: Path) -> set[str]:
    """What the headings are called in an address, as code hosts make it."""
    text = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in _HEADING.findall(text)}


def broken(document: Path) -> Iterator[str]:
    """The links of a document that lead nowhere."""
    for link in _LINK.findall(_CODE.sub("", document.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("document", documents(), ids=lambda document: str(document.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    assert list(broken(document)) == []


def test_a_link_to_a_missing_file_or_heading_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# What is, and isn't\n```sh\n# a comment\n```\n")
    links = ("other.md", "other.md#what-is-and-isnt", "https://example.com/nothing", "gone.md", "other.md#a-comment")
    document = tmp_path / "document.md"
    document.write_text("".join(f"[x]({link}) " for link in links) + "`[y](code.md)`")
    assert list(broken(document)) == ["gone.md", "other.md#a-comment"]
