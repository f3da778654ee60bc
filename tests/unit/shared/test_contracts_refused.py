"""What the chassis can't hold of a contract stops the start: with the line, the reason and the way out."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ariadne import QueryType

from shared.graphql.federation import AnyEntity, ContractError, Entity, build_schema
from shared.runtime.exits import EXIT_CONFIGURATION
from tests.unit.shared.test_faults import SETTINGS

REPOSITORY = Path(__file__).parents[3]
PORTS = {"NOTIFICATIONS_PORT": "1", "NOTIFICATIONS_GRPC_PORT": "2"}

ALL = (
    '"@key", "@requires", "@external", "@provides", "@override", "@policy", "@listSize", "@cost", "@context",'
    ' "@fromContext", "@authenticated"'
)
LINK = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ALL}])\n'
THING = 'type Query { none: Int }\ntype Thing @key(fields: "id") { id: ID! name: String }\n'


async def load(ids: Any, _: Any) -> Mapping[Any, Any]:
    return {}


class Thing: ...


THINGS = (Entity("Thing", Thing, load),)


def refusal(sdl: str, *entities: AnyEntity) -> str:
    with pytest.raises(ContractError) as refused:
        build_schema(sdl, (), entities)
    message = str(refused.value)
    assert "\n" not in message
    return message


def test_a_contract_that_is_held_is_not_refused() -> None:
    assert build_schema(LINK + THING, (), THINGS)


@pytest.mark.parametrize(
    ("sdl", "told"),
    [
        ("type Query {", "1: Syntax Error: Expected Name, found <EOF>."),
        (
            "type Query { a: Int @key }",
            '1: @key is neither imported nor defined: import it: @link(..., import: ["@key"])',
        ),
        (
            LINK + "type Query { a: Int @keey }",
            "2: @keey is neither imported nor defined: define it, or look at its spelling",
        ),
        (LINK + "type Query { a: Int @key }", "2: Directive '@key' may not be used on field definition."),
        (LINK + 'type Query @key(field: "id") { id: ID }', "2: Unknown argument 'field' on directive '@key'."),
        (LINK + "type Query { a: Nothing }", "2: Unknown type 'Nothing'."),
        (
            LINK + "directive @tag on OBJECT\ntype Query { a: Int }",
            "2: defines a directive @tag, which is Federation's name: call it by another",
        ),
    ],
)
def test_a_contract_that_is_not_valid_is_refused_with_its_line(sdl: str, told: str) -> None:
    assert refusal(sdl).startswith(told)


@pytest.mark.parametrize(
    ("sdl", "told"),
    [
        ("type Query { a: Int @deprecated(reason: 5) }", "Query fields cannot be resolved."),
        (
            "interface B { x: Int }\ntype C implements B { y: Int }\ntype Query { a: C }",
            "Interface field B.x expected but C does not provide it.",
        ),
    ],
)
def test_what_only_a_whole_schema_shows_is_refused_in_one_line_too(sdl: str, told: str) -> None:
    assert refusal(LINK + sdl).startswith(told)


def test_a_resolver_of_what_the_contract_has_not_is_refused() -> None:
    query = QueryType()
    query.set_field("b", lambda *_: 1)
    with pytest.raises(ContractError, match=r"^Field b is not defined on type Query$"):
        build_schema(LINK + "type Query { a: Int }", (query,), ())


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("v2.12", "1: links Federation v2.12, and the chassis holds v2.0 to v2.9"),
        ("v1.0", "1: links Federation v1.0, and the chassis holds v2.0 to v2.9"),
        ('v2.9", import: ["@kee', "1: imports @kee, which Federation does not have: look at its spelling"),
        (
            'v2.3", import: ["@policy',
            "1: imports @policy of Federation v2.3, which has it since v2.6: link that one",
        ),
    ],
)
def test_a_version_or_an_import_that_is_not_known_is_refused(link: str, told: str) -> None:
    url = f"https://specs.apollo.dev/federation/{link}"
    contract = f'extend schema @link(url: "{url}"{"]" if "import" in link else ""})\ntype Query {{ a: Int }}'
    assert refusal(contract) == told


def test_two_links_to_federation_are_refused() -> None:
    assert refusal(LINK + LINK + THING, *THINGS).startswith("2: a second link to the Federation specification")


@pytest.mark.parametrize("version", [f"2.{minor}" for minor in range(10)])
def test_each_version_of_federation_two_is_held(version: str) -> None:
    link = f'extend schema @link(url: "https://specs.apollo.dev/federation/v{version}", import: ["@key"])\n'
    assert build_schema(link + THING, (), THINGS)


def test_a_policy_that_nobody_decides_is_refused() -> None:
    told = refusal(LINK + 'type Query { a: Int @policy(policies: [["vip"]]) }')
    assert told == '2: @policy names "vip", which nothing decides: give the Subgraph of bootstrap.py a policy of it'


def test_an_entity_that_nobody_loads_is_refused() -> None:
    assert refusal(LINK + THING) == "3: Thing has a @key and no Entity loads it: give one, or say resolvable: false"


def test_an_entity_without_a_key_is_refused() -> None:
    told = refusal(LINK + "type Query { a: Int }\ntype Thing { id: ID! }", *THINGS)
    assert told == "an Entity loads Thing, which has no @key in the SDL"


@pytest.mark.parametrize("key", ["name", "id name", "name part { id }"])
def test_a_key_that_an_entity_by_id_would_overlook_is_refused(key: str) -> None:
    things = f'type Part {{ id: ID }}\ntype Query {{ a: Int }}\ntype Thing @key(fields: "id") @key(fields: "{key}")'
    told = refusal(LINK + things + " { id: ID! name: String part: Part }", *THINGS)
    assert told == f'4: Thing has the key "{key}", and an Entity loads by id: make it a RepresentedEntity'


def test_required_fields_that_an_entity_by_id_would_not_see_are_refused() -> None:
    things = 'type Query { a: Int }\ntype Thing @key(fields: "id")'
    told = refusal(LINK + things + ' { id: ID! w: Int @external e: Int @requires(fields: "w") }', *THINGS)
    assert told == '3: Thing requires "w", and its Entity has no with_required'


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("nme", '"nme" names nme, which Thing has not in this subgraph'),
        ("part", '"part" names part, which Thing has not in this subgraph'),
        ("id { x }", '"id { x }" names id, which Thing has not in this subgraph'),
        ("part { nme }", '"part { nme }" names nme, which Thing has not in this subgraph'),
        ("a: id", '"a: id" names id, which Thing has not in this subgraph'),
        ("sized(by: 1)", '"sized(by: 1)" names sized with arguments, which Thing has not in this subgraph'),
        ("", '"" is no set of fields, such as "sku variation { id }"'),
        ("id {", '"id {" is no set of fields, such as "sku variation { id }"'),
        ("id } query x { id", '"id } query x { id" is no set of fields, such as "sku variation { id }"'),
        ("...f", '"...f" names a fragment by its name, which Thing has not in this subgraph'),
    ],
)
def test_a_field_set_that_can_not_be_read_is_refused(fields: str, told: str) -> None:
    things = f'type Part {{ id: ID }}\ntype Query {{ a: Int }}\ntype Thing @key(fields: "{fields}")'
    assert refusal(LINK + things + " { id: ID! part: Part sized(by: Int): Int }", *THINGS) == f"4: {told}"


def test_provided_fields_that_the_type_has_not_are_refused() -> None:
    told = refusal(LINK + THING + 'extend type Query { thing: Thing @provides(fields: "weight") }', *THINGS)
    assert told == '4: "weight" names weight, which Thing has not in this subgraph'


def test_two_types_that_one_class_stands_for_are_refused() -> None:
    others = 'type Other @key(fields: "id") { id: ID! }'
    told = refusal(LINK + THING + others, *THINGS, Entity("Other", Thing, load))
    assert told == "Thing and Other are both loaded as Thing: give each its own"


def test_two_entities_of_one_type_are_refused() -> None:
    told = refusal(LINK + THING, *THINGS, Entity("Thing", dict, load))
    assert told == "two Entities load Thing: leave out one of them"


def test_an_entity_that_others_resolve_is_refused() -> None:
    told = refusal(LINK + THING.replace('"id")', '"id", resolvable: false)'), *THINGS)
    assert told == "3: an Entity loads Thing, whose keys are all resolvable: false: leave out one of both"


def test_an_interface_whose_values_tell_no_type_is_refused() -> None:
    told = refusal(LINK + "interface Part { id: ID }\ntype Wheel implements Part { id: ID }\ntype Query { part: Part }")
    assert told == "4: Query.part answers Part, and nothing tells a value's type: bind a type resolver of Part"


@pytest.mark.parametrize("label", ["beta", "percent(101)", "percent(x)", "percent()"])
def test_a_label_that_routers_do_not_know_is_refused(label: str) -> None:
    told = refusal(LINK + f'type Query {{ a: Int @override(from: "b", label: "{label}") }}')
    assert told == f'2: @override has the label "{label}", and routers know "percent(0)" to "percent(100)"'


def test_values_from_a_context_are_refused() -> None:
    told = refusal(LINK + 'type Query { a(b: Int @fromContext(field: "$c { d }")): Int }')
    assert told.startswith("2: @fromContext is lost in the Node router: ")
    assert refusal(LINK + 'type Query @context(name: "c") { a: Int }').startswith("2: @context is lost")


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (
            'a(first: Int): [Int] @listSize(slicingArguments: ["first"])',
            "2: @listSize requires one of its slicing arguments, which nothing holds callers to:"
            " write requireOneSlicingArgument: false",
        ),
        (
            'a(first: Int): [Int] @listSize(slicingArguments: ["fist"], requireOneSlicingArgument: false)',
            '2: @listSize slices by "fist", which is no argument of the field',
        ),
    ],
)
def test_a_size_that_would_not_be_reckoned_is_refused(field: str, told: str) -> None:
    assert refusal(LINK + f"type Query {{ {field} }}") == told


def test_a_cost_inside_of_an_input_is_refused() -> None:
    told = refusal(LINK + "input Filter { text: String @cost(weight: 5) }\ntype Query { a(by: Filter): Int }")
    assert told.startswith("2: Filter.text has a @cost, and what is inside of inputs is not reckoned:")


def test_a_subgraph_with_such_a_contract_does_not_start_and_says_so_in_one_line(tmp_path: Path) -> None:
    contract = (REPOSITORY / "schema/notifications.graphql").read_text()
    (tmp_path / "schema").mkdir()
    spoiled = contract.replace('type Order @key(fields: "id") {', 'type Order @key(fields: "id number") {')
    (tmp_path / "schema/notifications.graphql").write_text(spoiled)
    done = subprocess.run(
        [sys.executable, "-m", "subgraphs.notifications", "serve"],
        env={**os.environ, **SETTINGS, **PORTS, "PYTHONPATH": str(REPOSITORY)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (EXIT_CONFIGURATION, "")
    assert done.stderr == (
        'schema/notifications.graphql:18: "id number" names number, which Order has not in this subgraph\n'
    )
