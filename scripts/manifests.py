"""Writes what is the same for each subgraph into the files that can't ask the manifests: ``make manifests``.

``--check`` fails when a file is not what would be written. There are two kinds:

**A block in a file** that people write has its template, in Jinja, in the comment above it:

    # each subgraph: - { name: {{ NAME }}_URL, value: http://{{ name }}:8080 }
    - { name: USERS_URL, value: http://users:8080 }
    # end of each subgraph

With nothing behind the colon, the comments below it are the template. ``each subgraph, dependents first`` takes them in
that order; ``each new subgraph`` keeps the lines that are there, as far as their names are.

**A file of each subgraph** is written from its template in k8s/each-subgraph, where ``NAME`` in a path is its name.

Templates know the fields of a `Manifest` and, of each, ``NAME``, ``callers``, and ``has_own``: whether the file has an
anchor ``&<name>-own`` for what that subgraph has beyond the others.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from jinja2 import Environment, StrictUndefined  # noqa: E402

from tilt.embedded.manifest import Manifest, ManifestError, callers, dependents_first, read_manifests  # noqa: E402

WITH_BLOCKS = (".github", "k8s", "pyproject.toml", "router/router.config.yaml", "scripts", "tilt")
TEMPLATES = Path("k8s/each-subgraph")
SCHEMA = Path("k8s/helm/mercato/values.schema.json")
_TEXTS = (".env", ".py", ".star", ".toml", ".yaml", "CODEOWNERS")  # how their names end
_WRITTEN = "# Written by `make manifests` from {}; change that.\n"
_BEGIN = re.compile(r"^ *# each (?:new )?subgraph(?:, dependents first)?:", re.MULTILINE)
_BLOCK = re.compile(
    r"(?P<head>^(?P<indent> *)# each (?P<new>new )?subgraph(?P<dependents>, dependents first)?:(?: (?P<line>.+))?\n"
    r"(?P<comments>(?:(?P=indent)#(?:   .*)?\n)*))"
    r"(?P<old>(?:(?! *# each ).*\n)*?)"
    r"(?P<end>(?P=indent)# end of each subgraph\n)",
    re.MULTILINE,
)
_SCHEMA_NAMES = re.compile(r'(?<="subgraphs": \{)(.*?"enum": )\[.*?\](.*?"required": )\[.*?\]', re.DOTALL)
# For text that is no page: nothing is escaped.
_JINJA = Environment(  # noqa: S701
    trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
)

Manifests = Mapping[str, Manifest]


def main() -> int:
    """Writes the files, or says which are stale."""
    try:
        stale = {file: text for file, text in wanted(ROOT, read_manifests(ROOT)).items() if _read(ROOT / file) != text}
    except ManifestError as error:
        print(f"mercato: {error}", file=sys.stderr)
        return 1
    if "--check" in sys.argv[1:]:
        for file in stale:
            print(f"{file} is stale: run `make manifests` and commit the result.", file=sys.stderr)
        return 1 if stale else 0
    for file, text in stale.items():
        _write(ROOT / file, text)
    return 0


def wanted(root: Path, manifests: Manifests) -> dict[Path, str | None]:
    """What each file is to hold; None where it is to go.

    Raises:
        ManifestError: when a block has no end.
    """
    files: dict[Path, str | None] = dict(_files_of_each(root, manifests))
    files |= {file: with_blocks(file, (root / file).read_text(), manifests) for file in _files_with_blocks(root)}
    files[SCHEMA] = _with_names((root / SCHEMA).read_text(), manifests)
    return files


def with_blocks(file: Path, text: str, manifests: Manifests) -> str:
    """A text with its blocks written anew."""
    if len(_BEGIN.findall(text)) != len(_BLOCK.findall(text)):
        raise ManifestError(f"{file}: a block begins with `# each subgraph:`, and has no `# end of each subgraph`")
    return _BLOCK.sub(lambda block: f"{block['head']}{_content(block, text, manifests)}{block['end']}", text)


def _content(block: re.Match[str], text: str, manifests: Manifests) -> str:
    order = dependents_first(manifests) if block["dependents"] else tuple(manifests)
    template = block["line"] or re.sub(rf"^{block['indent']}#(   )?", "", block["comments"], flags=re.MULTILINE)
    filled = {name: _filled(template, manifests, name, text) for name in order}
    lines = [line for name in order if filled[name].strip() for line in filled[name].splitlines()]
    kept = {_key(line): line for line in block["old"].splitlines()} if block["new"] else {}
    return "".join(f"{kept.get(_key(line), _indented(line, block['indent']))}\n" for line in lines)


def _key(line: str) -> str:
    """What stands before the colon of YAML or the sign of TOML."""
    return re.split("[:=]", line, maxsplit=1)[0].strip()


def _indented(line: str, indent: str) -> str:
    return f"{indent}{line}" if line else ""


def _filled(template: str, manifests: Manifests, name: str, around: str = "") -> str:
    """A template for one subgraph."""
    known: dict[str, Any] = {field: getattr(manifests[name], field) for field in Manifest.model_fields}
    more = {"NAME": name.upper(), "callers": callers(manifests, name), "has_own": f"&{name}-own" in around}
    return _JINJA.from_string(template).render(known | more)


def _files_of_each(root: Path, manifests: Manifests) -> Iterator[tuple[Path, str | None]]:
    """First, to go, all that were written before."""
    for template in sorted(path for path in (root / TEMPLATES).rglob("*") if path.is_file()):
        source = template.relative_to(root)
        place, written = str("k8s" / source.relative_to(TEMPLATES)), _WRITTEN.format(source)
        old = (path for path in root.glob(place.replace("NAME", "*")) if path.read_text().startswith(written))
        yield from ((path.relative_to(root), None) for path in old)
        for name in manifests:
            yield Path(place.replace("NAME", name)), written + _filled(template.read_text(), manifests, name)


def _files_with_blocks(root: Path) -> Iterator[Path]:
    for place in WITH_BLOCKS:
        for path in sorted(path for path in (root / place, *(root / place).rglob("*")) if path.name.endswith(_TEXTS)):
            if path.name != Path(__file__).name and _BEGIN.search(path.read_text()):
                yield path.relative_to(root)


def _with_names(text: str, manifests: Manifests) -> str:
    """The schema of the chart's values: JSON has no comments that could hold a template."""
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
