"""The table of the ten dearest registered operations in ``docs/frontend/costs.md``.

``python scripts/costs.py`` writes it, ``--check`` fails when it is stale. Registered are the documents in
``schema/operations`` and the examples of GraphiQL's page, with the values of variables that stand beside them.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from graphql import (  # noqa: E402
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    build_schema,
    parse,
    value_from_ast_untyped,
)

from shared.graphql.cost import CostModel, reckoned  # noqa: E402

TABLE = ROOT / "docs" / "frontend" / "costs.md"
ROWS = 10


def main() -> int:
    """Writes the table, or says that it is stale."""
    text = _table()
    if "--check" not in sys.argv[1:]:
        TABLE.write_text(text)
    elif not TABLE.exists() or TABLE.read_text() != text:
        print(f"{TABLE.relative_to(ROOT)} is stale: run `make costs` and commit the result.", file=sys.stderr)
        return 1
    return 0


def _table() -> str:
    schema = build_schema(
        (ROOT / "schema" / "supergraph.graphql").read_text(), assume_valid=True, assume_valid_sdl=True
    )
    costs = sorted((-_cost(schema, file), str(file.relative_to(ROOT))) for file in _registered())
    maximum = json.loads((ROOT / "router" / "limits.json").read_text())["cost"]
    rows = [f"| [{Path(name).stem}](../../{name}) | {-cost:,} | {-cost / maximum:.0%} |" for cost, name in costs[:ROWS]]
    return _HEAD.format(maximum=f"{maximum:,}", count=len(costs)) + "\n".join(rows) + "\n"


def _registered() -> list[Path]:
    return sorted(
        [*(ROOT / "schema" / "operations").rglob("*.graphql"), *(ROOT / "router" / "examples").glob("*.graphql")]
    )


def _cost(schema: GraphQLSchema, file: Path) -> int:
    document = parse(file.read_text())
    (operation,) = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    defaults = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value
    }
    return reckoned(CostModel(schema).cost(operation, fragments), {**defaults, **_variables(file)})


def _variables(file: Path) -> dict[str, Any]:
    beside = file.with_suffix(".variables.json")
    variables: dict[str, Any] = json.loads(beside.read_text()) if beside.exists() else {}
    return variables


_HEAD = """# What registered operations cost

The ten dearest of {count}, by [the arithmetic of limits](limits.md); one request may cost {maximum}.
Written by `make costs`; `make lint` fails when it is stale.

| Operation | Cost | Of what a request may cost |
|---|---|---|
"""

if __name__ == "__main__":
    sys.exit(main())
