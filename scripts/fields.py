"""The table of who may see which field: ``tests/contract/fields/<subgraph>.yaml``.

``python scripts/fields.py`` brings them up to date with the SDL, ``--check`` fails when one is stale or undecided.
What a field asks is read from the SDL; whom it shows an object to, the SDL can't say: a person decides that, once a
field.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from graphql import (  # noqa: E402
    DirectiveNode,
    FieldDefinitionNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
)

from shared.graphql.contract import directive_arguments, read_contract  # noqa: E402
from tilt.embedded.subgraphs import SUBGRAPHS  # noqa: E402

TABLES = ROOT / "tests" / "contract" / "fields"
UNDECIDED = "undecided"
SCHEMA = ROOT / "schema"

Row = dict[str, str]
Table = Mapping[str, Mapping[str, Row]]


def main() -> int:
    """Writes the tables, or says which are stale, and in which fields they are undecided."""
    decided = committed()
    table = updated(decided, contracts())
    if "--check" in sys.argv[1:]:
        return _checked(decided, table)
    for subgraph, rows in table.items():
        path(subgraph).write_text(_written(rows))
    return _told_undecided(table)


def committed() -> Table:
    """What was decided so far."""
    return {each: yaml.safe_load(path(each).read_text()) or {} for each in SUBGRAPHS if path(each).exists()}


def contracts() -> Mapping[str, str]:
    """The SDL of each subgraph."""
    return {each: (SCHEMA / f"{each}.graphql").read_text() for each in SUBGRAPHS}


def path(subgraph: str) -> Path:
    """Where a subgraph's table lies."""
    return TABLES / f"{subgraph}.yaml"


def _checked(decided: Table, table: Table) -> int:
    stale = [each for each in table if table[each] != decided.get(each)]
    for each in stale:
        print(f"{_shown(each)} is stale: run `make fields` and commit the result.", file=sys.stderr)
    return _told_undecided(table) or int(bool(stale))


def _told_undecided(table: Table) -> int:
    fields = list(undecided(table))
    for field in fields:
        where = _shown(field.split()[0])
        print(f"{field}: nobody decided who may see it. Say so in {where}.", file=sys.stderr)
    return int(bool(fields))


def _shown(subgraph: str) -> str:
    return str(path(subgraph).relative_to(ROOT))


def updated(decided: Table, contracts: Mapping[str, str]) -> Table:
    """The table of these SDLs by subgraph, with the decisions of another one."""
    return {
        subgraph: {
            name: {"asks": asks, "shown_to": _decision(decided, subgraph, name)}
            for name, asks in _fields(contracts[subgraph])
        }
        for subgraph in contracts
    }


def undecided(table: Table) -> Iterator[str]:
    """The fields that nobody decided on, as ``<subgraph> <Type>.<field>``."""
    for subgraph, rows in table.items():
        yield from (f"{subgraph} {name}" for name, row in rows.items() if row["shown_to"] == UNDECIDED)


def _decision(decided: Table, subgraph: str, name: str) -> str:
    return decided.get(subgraph, {}).get(name, {}).get("shown_to", UNDECIDED)


def _fields(sdl: str) -> Iterator[tuple[str, str]]:
    """Each field of an object type as ``<Type>.<field>``, and what the SDL asks of who sees it."""
    for definition in read_contract(sdl).definitions:
        if isinstance(definition, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            for field in definition.fields or ():
                yield f"{definition.name.value}.{field.name.value}", _asked(definition, field)


def _asked(owner: ObjectTypeDefinitionNode | ObjectTypeExtensionNode, field: FieldDefinitionNode) -> str:
    directives = (*(owner.directives or ()), *(field.directives or ()))
    return ", ".join(asked for each in directives if (asked := _asked_by(each))) or "nothing"


def _asked_by(directive: DirectiveNode) -> str:
    name, arguments = directive.name.value, directive_arguments(directive)
    if name == "authenticated":
        return "authenticated"
    if name in ("requiresScopes", "policy"):
        (alternatives,) = arguments.values()
        kind = "scopes" if name == "requiresScopes" else "policy"
        return f"{kind} {' or '.join(' and '.join(sorted(each)) for each in alternatives)}"
    return ""


def _written(rows: Mapping[str, Row]) -> str:
    lines = (f"{name}: {{asks: {_quoted(row['asks'])}, shown_to: {row['shown_to']}}}\n" for name, row in rows.items())
    return _HEAD + "".join(lines)


def _quoted(text: str) -> str:
    return f'"{text}"' if ":" in text or "," in text else text


_HEAD = """\
# Who may see which field. `asks` is what the SDL asks of the caller; `make fields` keeps it and the list of fields.
# `shown_to` is decided by a person, for each field:
#   everybody              whoever meets what it asks
#   parent                 whoever got the object that it is part of; no entity's field, as `_entities` needs no parent
#   owner                  the person whose object it is, however it is reached; who shows the token of a guest's order
#   owner or <scope>       that person, and staff with the scope
#   owner or holder of the id   that person; while it is nobody's, as an anonymous cart, whoever knows its id

"""

if __name__ == "__main__":
    sys.exit(main())
