"""The SDL of the subgraphs keeps to the conventions of the supergraph, and the lint would notice if it did not."""

import re
import subprocess
from pathlib import Path

import pytest

ROUTER = Path(__file__).parents[2] / "router"
SDL = '''
"What can be looked up."
type Query {
  "Everything."
  things(
    "How many."
    first: Int = 20
    "Where."
    after: String
  ): ThingConnection!
    @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"], requireOneSlicingArgument: false)
}
"What can be changed."
type Mutation {
  "Makes one."
  thingCreate(
    "What."
    input: ThingCreateInput!
    "Once."
    idempotencyKey: String!
  ): ThingCreatePayload!
}
"A page."
type ThingConnection {
  "The things."
  nodes: [Thing!]!
}
"A thing."
type Thing {
  "What it is made of."
  parts: [Thing!]! @listSize(assumedSize: 5)
  "What it is called."
  names: [String!]!
}
"What is made."
input ThingCreateInput {
  "Its colour."
  colour: Colour
}
"The answer."
type ThingCreatePayload {
  "Mistakes."
  errors: [ThingUserError!]!
}
"Any mistake."
interface UserError {
  "What."
  message: String!
}
"A mistake."
type ThingUserError implements UserError {
  "What."
  message: String!
}
"""Colours."""
enum Colour {
  "Like blood."
  RED
}
'''

SPOILED = {
    "a root of reads without description": ('"What can be looked up."\n', "", 'type "Query" has no description'),
    "a root of changes without description": ('"What can be changed."\n', "", 'type "Mutation" has no description'),
    "a mistake that is no UserError": (
        " implements UserError",
        "",
        'type "ThingUserError" does not implement UserError',
    ),
    "a type without description": ('"A page."\n', "", 'type "ThingConnection" has no description'),
    "a field without description": ('  "Makes one."\n', "", 'field "thingCreate" has no description'),
    "an argument without description": ('    "What."\n', "", '"input" has no description'),
    "an input field without description": ('  "Its colour."\n', "", '"colour" has no description'),
    "an enum value without description": ('  "Like blood."\n', "", 'enum value "RED" has no description'),
    "an empty description": ('"Its colour."', '" "', '"colour" has no description'),
    "a type in camelCase": ("enum Colour", "enum colour", 'type "colour" is not in PascalCase'),
    "a field in snake_case": ("  nodes:", "  all_nodes:", 'field "all_nodes" is not in camelCase'),
    "an enum value in lower case": ("  RED", "  red", 'enum value "red" is not in UPPER_CASE'),
    "a verb before the noun": ("  thingCreate(", "  createThing(", 'mutation "createThing" begins with its verb'),
    "a foreign argument": (
        "    input: ThingCreateInput!",
        "    colour: Colour",
        'mutation "thingCreate" takes "colour"',
    ),
    "a nullable input": ("input: ThingCreateInput!", "input: ThingCreateInput", "is not ThingCreateInput!"),
    "another payload": ("): ThingCreatePayload!", "): ThingConnection!", "does not return ThingCreatePayload!"),
    "a payload without errors": ("  errors: [ThingUserError!]!", "  ok: Boolean", "has no field errors"),
    "a connection without after": ('    "Where."\n    after: String\n', "", "first: Int and after: String"),
    "a list without size": (" @listSize(assumedSize: 5)", "", 'list "parts" does not say its size'),
    "a list of no size": ("(assumedSize: 5)", "(assumedSize: 0)", 'list "parts" does not say its size'),
    "a page that first does not size": (
        'slicingArguments: ["first"]',
        'slicingArguments: ["after"]',
        '"things" returns a connection and',
    ),
    "a page that sizes no nodes": ('["nodes", "edges"]', '["edges"]', '"things" returns a connection and'),
    "a page that asks for first": (", requireOneSlicingArgument: false", "", '"things" returns a connection and'),
    "a syntax error": ("type Mutation {", "type Mutation", "Syntax Error"),
}


def lint(*files: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", "lint/main.js", *(str(file) for file in files)]
    return subprocess.run(command, cwd=ROUTER, capture_output=True, text=True, timeout=60, check=False)


def test_the_subgraphs_keep_to_the_conventions() -> None:
    outcome = lint()
    assert outcome.returncode == 0, outcome.stderr


def test_what_keeps_to_the_conventions_passes(tmp_path: Path) -> None:
    file = tmp_path / "things.graphql"
    file.write_text(SDL)
    outcome = lint(file)
    assert outcome.returncode == 0, outcome.stderr


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the lint has to say of all the spoiled files; one run takes as long as one file."""
    folder = tmp_path_factory.mktemp("spoiled")
    for spoil, (old, new, _) in SPOILED.items():
        assert old in SDL
        (folder / f"{spoil}.graphql").write_text(SDL.replace(old, new, 1))
    outcome = lint(*folder.iterdir())
    assert outcome.returncode == 1
    return outcome.stderr.splitlines()


@pytest.mark.parametrize("spoil", SPOILED)
def test_the_lint_tells_with_file_and_line_of(findings: list[str], spoil: str) -> None:
    complaint = SPOILED[spoil][2]
    found = [finding for finding in findings if re.search(rf"/{spoil}\.graphql:\d+:\d+: ", finding)]
    assert [finding for finding in found if complaint in finding]
