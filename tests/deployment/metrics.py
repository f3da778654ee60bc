"""The metrics that our code tells Prometheus of, read from where they are made."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
_SUFFIXES = {"Histogram": ("_bucket", "_sum", "_count"), "Counter": ("",), "Gauge": ("",)}
# In router/src: new Histogram({ name: '...', ..., labelNames: ['...'], ... })
_NODE = re.compile(r"new (Histogram|Counter|Gauge)\(\{\s*name: '(\w+)'.*?labelNames: \[([^\]]*)\]", re.DOTALL)

Labels = frozenset[str]


def series_of_code() -> dict[str, Labels]:
    """The names of all series, each with the labels that the code gives it; ``le`` is a bucket's."""
    found: dict[str, Labels] = {}
    for kind, name, labels in (*_metrics_of_python(), *_metrics_of_node()):
        for suffix in _SUFFIXES[kind]:
            found[name + suffix] = labels | {"le"} if suffix == "_bucket" else labels
    return found


def _metrics_of_python() -> Iterator[tuple[str, str, Labels]]:
    for folder in ("shared", "subgraphs"):
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            if "prometheus_client" in text:
                yield from filter(None, map(_metric, ast.walk(ast.parse(text))))


def _metric(node: ast.AST) -> tuple[str, str, Labels] | None:
    match node:
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=str(name)), _, *rest]) if kind in _SUFFIXES:
            return kind, name, frozenset(ast.literal_eval(rest[0])) if rest else frozenset()
    return None


def _metrics_of_node() -> Iterator[tuple[str, str, Labels]]:
    text = (REPOSITORY / "router" / "src" / "metrics.js").read_text(encoding="utf-8")
    for kind, name, labels in _NODE.findall(text):
        yield kind, name, frozenset(re.findall(r"\w+", labels))
