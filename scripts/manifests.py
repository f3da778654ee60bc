"""Writes what is the same for each subgraph into the files that can't ask the manifests: ``make manifests``.

``--check`` fails when a file is not what would be written. There are two kinds:

**A block in a file** that people write has its template, in Jinja, in the comment above it:

    # each subgraph: - { name: {{ NAME }}_URL, value: http://{{ name }}:8080 }
    - { name: USERS_URL, value: http://users:8080 }
    # end of each subgraph

Nothing behind the colon, and the comments below it are the template. ``each subgraph, learners first`` takes them in
another order (`learners_first`); ``each new subgraph`` keeps the lines of those that are there, up to their colon.

**A file of each subgraph** is written from its template in k8s/each-subgraph, where ``NAME`` in a path is its name.

Templates know the fields of a `Manifest` and, of each, ``NAME``, ``callers``, and ``has_own``: whether the file has an
anchor ``&<name>-own`` for what that subgraph has beyond the others.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from jinja2 import Environment, StrictUndefined  # noqa: E402

from tilt.embedded.manifest import Manifest, ManifestError, callers, learners_first, read_manifests  # noqa: E402

THIS = "manifests.py"
WITH_BLOCKS = ("k8s", "router/router.config.yaml", "scripts", "tilt")
_TEXTS = (".env", ".py", ".star", ".yaml")
TEMPLATES = Path("k8s/each-subgraph")
SCHEMA = Path("k8s/helm/mercato/values.schema.json")
_BEGIN = re.compile(r"( *)# each (new )?subgraph(, learners first)?: ?(.*)")
_SCHEMA_NAMES = re.compile(r'(?<="subgraphs": \{)(.*?"enum": )\[.*?\](.*?"required": )\[.*?\]', re.DOTALL)
_WRITTEN = "# Written by `make manifests` from {}; change that.\n"
# Jinja, for text that is no page: nothing is escaped.
_JINJA = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)  # noqa: S701

Manifests = Mapping[str, Manifest]


def main(root: Path = ROOT) -> int:
    """Writes the files, or says which are stale."""
    try:
        stale = {file: text for file, text in wanted(root, read_manifests(root)).items() if _read(root / file) != text}
    except ManifestError as error:
        print(f"mercato: {error}", file=sys.stderr)
        return 1
    if "--check" in sys.argv[1:]:
        for file in stale:
            print(f"{file} is stale: run `make manifests` and commit the result.", file=sys.stderr)
        return 1 if stale else 0
    for file, text in stale.items():
        _write(root / file, text)
    return 0


def wanted(root: Path, manifests: Manifests) -> dict[Path, str | None]:
    """What each file is to hold; None where it is to go."""
    files: dict[Path, str | None] = dict(_files_of_each(root, manifests))
    for file in _files_with_blocks(root):
        files[file] = with_blocks((root / file).read_text(), manifests)
    files[SCHEMA] = _with_names(_read(root / SCHEMA) or "", manifests)
    return files


def with_blocks(text: str, manifests: Manifests) -> str:
    """A text with its blocks written anew."""
    lines, written = iter(text.splitlines(keepends=True)), list[str]()
    for line in lines:
        written.append(line)
        if begin := _BEGIN.fullmatch(line.rstrip("\n")):
            indent, keeps, other_order, template = begin.groups()
            below, old = _block(lines, f"{indent}# ")
            written += below
            order = learners_first(manifests) if other_order else tuple(manifests)
            template = f"{template}\n" if template else "".join(each[len(indent) + 4 :] or "\n" for each in below)
            for name in order:
                new = _indented(_filled(template, manifests, name, text), indent)
                written += (_kept(old, new) if keeps else None) or new
            written.append(f"{indent}# end of each subgraph\n")
    return "".join(written)


def _block(lines: Iterator[str], comment: str) -> tuple[list[str], list[str]]:
    """The template's lines below the first one, and those that were written by it."""
    template, old = list[str](), list[str]()
    for line in lines:
        if line == f"{comment}end of each subgraph\n":
            return template, old
        is_template = not old and (line.startswith(f"{comment}  ") or line.rstrip() == comment.rstrip())
        (template if is_template else old).append(line)
    raise ManifestError("a block for each subgraph has no end")


def _indented(text: str, indent: str) -> list[str]:
    """Its lines; none when it is empty for a subgraph."""
    return [f"{indent}{line}\n" if line else "\n" for line in text.splitlines() if text.strip()]


def _kept(old: Sequence[str], new: Sequence[str]) -> list[str]:
    keys = {line.partition(":")[0] for line in new}
    return [line for line in old if line.partition(":")[0] in keys]


def _filled(template: str, manifests: Manifests, name: str, around: str = "") -> str:
    """A template for one subgraph."""
    known: dict[str, Any] = {field: getattr(manifests[name], field) for field in Manifest.model_fields}
    more = {"NAME": name.upper(), "callers": callers(manifests, name), "has_own": f"&{name}-own" in around}
    return _JINJA.from_string(template).render(known | more)


def _files_of_each(root: Path, manifests: Manifests) -> Iterator[tuple[Path, str | None]]:
    for template in sorted(path for path in (root / TEMPLATES).rglob("*") if path.is_file()):
        path = template.relative_to(root / TEMPLATES)
        written = _WRITTEN.format(TEMPLATES / path)
        for old in root.glob(str("k8s" / path).replace("NAME", "*")):
            if old.read_text().startswith(written):
                yield old.relative_to(root), None
        for name in manifests:
            yield (
                Path(str("k8s" / path).replace("NAME", name)),
                written + _filled(template.read_text(), manifests, name),
            )


def _files_with_blocks(root: Path) -> Iterator[Path]:
    for place in WITH_BLOCKS:
        for path in sorted(path for path in (root / place, *(root / place).rglob("*")) if path.is_file()):
            if path.suffix in _TEXTS and path.name != THIS and "# end of each subgraph" in path.read_text():
                yield path.relative_to(root)


def _with_names(text: str, manifests: Manifests) -> str:
    """The schema of the chart's values: JSON, which has no comments."""
    names = ", ".join(f'"{name}"' for name in manifests)
    return _SCHEMA_NAMES.sub(lambda found: f"{found[1]}[{names}]{found[2]}[{names}]", text, count=1)


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
