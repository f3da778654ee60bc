"""What an expression of PromQL asks for, told by a parser of it."""

from dataclasses import dataclass

from promql_parser import AggregateExpr, Expr, VectorSelector, parse, walk


@dataclass(frozen=True, slots=True)
class Asked:
    """The series that an expression names with the labels that it selects by, and the labels that it groups by."""

    series: tuple[tuple[str, frozenset[str]], ...]
    grouped: frozenset[str]


def asked(expression: str) -> Asked:
    """Reads an expression of an alert or a panel; Grafana's own interval stands for five minutes.

    Raises:
        ValueError: when it is no PromQL.
    """
    series: list[tuple[str, frozenset[str]]] = []
    grouped: set[str] = set()

    def visit(node: Expr) -> None:
        match node:
            case VectorSelector():
                series.append((node.name or "", frozenset(each.name for each in node.matchers.matchers)))
            case AggregateExpr() if node.modifier is not None:
                grouped.update(node.modifier.labels)

    walk(parse(expression.replace("$__rate_interval", "5m")), visit)
    return Asked(tuple(series), frozenset(grouped))
